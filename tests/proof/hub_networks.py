"""The networks of KerasHub, each as small as its code allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import keras_hub
import yaml
from keras_hub.src.models.clip.clip_text_encoder import CLIPTextEncoder
from keras_hub.src.models.clip.clip_vision_encoder import CLIPVisionEncoder
from keras_hub.src.models.siglip.siglip_text_encoder import SigLIPTextEncoder
from keras_hub.src.models.siglip.siglip_vision_encoder import SigLIPVisionEncoder
from keras_hub.src.models.vae.vae_backbone import VAEBackbone
from networks import Network

_TABLE = yaml.safe_load(Path(__file__).parents[1].joinpath("data/keras_hub.yml").read_text())
_BLOCKS = {"num_layers": 2, "num_heads": 2, "hidden_dim": 8, "intermediate_dim": 12}
_IMAGE = {"patch_size": 8, "image_shape": (16, 16, 3), **_BLOCKS}
_TEXT = {"vocabulary_size": 16, "embedding_dim": 8, "max_sequence_length": 8, **_BLOCKS}


def hub() -> Iterator[Network]:
    """Give backbones, what stands on them, and what is made of several."""
    for name in _TABLE["backbones"]:
        yield Network(f"hub/{name}", partial(_backbone, name))
    for name, config in _TABLE["tasks"].items():
        yield Network(f"hub/{name}", partial(_task, name, **config))
    for name, build in COMPOSED.items():
        yield Network(f"hub/{name}", build)


def _backbone(name: str, **other: Any) -> Any:
    kinds = (f"{name}Backbone", f"{name[:-1]}Backbone")
    kind = next(filter(None, (getattr(keras_hub.models, each, None) for each in kinds)))
    config = {**_TABLE["backbones"][name], **other}
    shapes = {key: tuple(value) for key, value in config.items() if key.endswith("_shape")}
    return kind(**config | shapes)


def _task(name: str, backbone: str, **config: Any) -> Any:
    task = getattr(keras_hub.models, name)
    return task(backbone=_backbone(backbone), preprocessor=None, **config)


def _pyramid() -> Any:
    """Make an encoder of four stages."""
    stages = {"stackwise_num_blocks": [1] * 4, "stackwise_num_strides": [1, 2, 2, 2]}
    filters = {"stackwise_num_filters": [64, 8, 8, 8]}
    return _backbone("ResNet", image_shape=(64, 64, 3), **stages, **filters)


def _segformer() -> Any:
    encoder = _backbone(
        "MiT",
        layerwise_depths=[1] * 4,
        num_layers=4,
        layerwise_num_heads=[1, 2, 1, 2],
        layerwise_sr_ratios=[2, 1, 1, 1],
        hidden_dims=[4, 8, 12, 16],
        layerwise_patch_sizes=[7, 3, 3, 3],
        layerwise_strides=[4, 2, 2, 2],
        image_shape=(64, 64, 3),
    )
    return keras_hub.models.SegFormerBackbone(image_encoder=encoder, projection_filters=8)


def _deeplab() -> Any:
    return keras_hub.models.DeepLabV3Backbone(
        image_encoder=_pyramid(),
        low_level_feature_key="P2",
        spatial_pyramid_pooling_key="P4",
        dilation_rates=[6, 12],
        upsampling_size=4,
        projection_filters=4,
        image_shape=(64, 64, 3),
    )


def _retinanet() -> Any:
    levels = {"min_level": 3, "max_level": 5, "use_p5": False}
    return keras_hub.models.RetinaNetBackbone(
        image_encoder=_pyramid(), image_shape=(64, 64, 3), **levels
    )


def _clip() -> Any:
    vision = CLIPVisionEncoder(**_IMAGE, intermediate_output_index=None)
    return keras_hub.models.CLIPBackbone(vision, CLIPTextEncoder(**_TEXT), projection_dim=8)


def _siglip() -> Any:
    vision, text = SigLIPVisionEncoder(**_IMAGE), SigLIPTextEncoder(**_TEXT)
    return keras_hub.models.SigLIPBackbone(vision, text)


def _vae() -> Any:
    filters, blocks = [32, 32], [1, 1]
    return VAEBackbone(filters, blocks, filters, blocks, image_shape=(16, 16, 3))


def _sam() -> Any:
    encoder = _backbone("ViTDet", patch_size=16, num_output_channels=8, image_shape=(64, 64, 3))
    prompt = keras_hub.layers.SAMPromptEncoder(
        hidden_size=8, image_embedding_size=(4, 4), input_image_size=(64, 64), mask_in_channels=16
    )
    decoder = keras_hub.layers.SAMMaskDecoder(
        num_layers=2,
        hidden_size=8,
        intermediate_dim=16,
        num_heads=2,
        embedding_dim=8,
        num_multimask_outputs=3,
        iou_head_depth=3,
        iou_head_hidden_dim=8,
    )
    return keras_hub.models.SAMBackbone(encoder, prompt, decoder)


def _paligemma() -> Any:
    return keras_hub.models.PaliGemmaBackbone(
        **_TABLE["backbones"]["Gemma"],
        image_size=16,
        vit_patch_size=8,
        vit_num_heads=2,
        vit_hidden_dim=8,
        vit_num_layers=2,
        vit_intermediate_dim=12,
    )


def _flux() -> Any:
    return keras_hub.models.FluxBackbone(
        input_channels=8,
        hidden_size=16,
        mlp_ratio=2.0,
        num_heads=2,
        depth=2,
        depth_single_blocks=2,
        axes_dim=[2, 2, 4],
        theta=100,
        use_bias=True,
        guidance_embed=True,
        image_shape=(8, 8),
        text_shape=(8, 8),
        image_ids_shape=(8, 3),
        text_ids_shape=(8, 3),
        y_shape=(8,),
    )


COMPOSED: Mapping[str, Callable[[], Any]] = {
    "SegFormer": _segformer,
    "DeepLabV3": _deeplab,
    "RetinaNet": _retinanet,
    "CLIP": _clip,
    "SigLIP": _siglip,
    "VAE": _vae,
    "SAM": _sam,
    "PaliGemma": _paligemma,
    "Flux": _flux,
}
