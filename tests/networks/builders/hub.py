"""Networks of KerasHub at the sizes of their papers."""

from __future__ import annotations

import keras_hub
from keras_hub import models


def bert_base():
    """Devlin et al. 2018."""
    return models.BertBackbone(30522, 12, 12, 768, 3072, max_sequence_length=512)


def roberta_base():
    """Liu et al. 2019."""
    return models.RobertaBackbone(50265, 12, 12, 768, 3072, max_sequence_length=512)


def albert_base():
    """Lan et al. 2020: one layer, shared twelve times."""
    return models.AlbertBackbone(30000, 12, 12, 128, 768, 3072, max_sequence_length=512)


def electra_base():
    """Clark et al. 2020."""
    return models.ElectraBackbone(30522, 12, 12, 768, 768, 3072, max_sequence_length=512)


def deberta_v3_base():
    """He et al. 2021."""
    return models.DebertaV3Backbone(128100, 12, 12, 768, 3072, max_sequence_length=512)


def distilbert():
    """Sanh et al. 2019."""
    return models.DistilBertBackbone(30522, 6, 12, 768, 3072, max_sequence_length=512)


def fnet_base():
    """Lee-Thorp et al. 2021."""
    return models.FNetBackbone(32000, 12, 768, 3072, max_sequence_length=512)


def gpt2_base():
    """Radford et al. 2019."""
    return models.GPT2Backbone(50257, 12, 12, 768, 3072, max_sequence_length=1024)


def bloom_560m():
    """Le Scao et al. 2022."""
    return models.BloomBackbone(250880, 24, 16, 1024, 4096)


def opt_125m():
    """Zhang et al. 2022."""
    return models.OPTBackbone(50272, 12, 12, 768, 3072, max_sequence_length=2048)


def llama3_8b():
    """Grattafiori et al. 2024."""
    return models.Llama3Backbone(
        128256, 32, 32, hidden_dim=4096, intermediate_dim=14336, num_key_value_heads=8
    )


def mistral_7b():
    """Jiang et al. 2023."""
    return models.MistralBackbone(
        32000, 32, 32, hidden_dim=4096, intermediate_dim=14336, num_key_value_heads=8
    )


def mixtral_8x7b():
    """Jiang et al. 2024."""
    return models.MixtralBackbone(
        32000, 32, 32, hidden_dim=4096, intermediate_dim=14336, num_key_value_heads=8, num_experts=8
    )


def gemma_2b():
    """Gemma team 2024."""
    return models.GemmaBackbone(
        256000, 18, 8, num_key_value_heads=1, hidden_dim=2048, intermediate_dim=32768, head_dim=256
    )


def phi3_mini():
    """Abdin et al. 2024."""
    return models.Phi3Backbone(32064, 32, 3072, 8192, 32, 32)


def qwen3():
    """Qwen team 2025."""
    return models.Qwen3Backbone(
        vocabulary_size=151936,
        num_layers=28,
        num_query_heads=16,
        num_key_value_heads=8,
        head_dim=128,
        hidden_dim=1024,
        intermediate_dim=3072,
    )


def t5_base():
    """Raffel et al. 2020."""
    return models.T5Backbone(32128, 12, 12, 768, 2048, key_value_dim=64)


def bart_base():
    """Lewis et al. 2020."""
    return models.BartBackbone(50265, 6, 12, 768, 3072, max_sequence_length=1024)


def whisper_base():
    """Radford et al. 2023."""
    return models.WhisperBackbone(51865, 6, 8, 512, 2048)


def xlnet_base():
    """Yang et al. 2019."""
    return models.XLNetBackbone(32000, 12, 12, 768, 3072)


def vit_base_hub():
    """Dosovitskiy et al. 2021."""
    return models.ViTBackbone(
        image_shape=(224, 224, 3),
        patch_size=(16, 16),
        num_layers=12,
        num_heads=12,
        hidden_dim=768,
        mlp_dim=3072,
    )


def segformer_b0():
    """Xie et al. 2021."""
    encoder = models.MiTBackbone(
        image_shape=(512, 512, 3),
        layerwise_depths=[2, 2, 2, 2],
        num_layers=4,
        layerwise_num_heads=[1, 2, 5, 8],
        layerwise_sr_ratios=[8, 4, 2, 1],
        max_drop_path_rate=0.1,
        layerwise_patch_sizes=[7, 3, 3, 3],
        layerwise_strides=[4, 2, 2, 2],
        hidden_dims=[32, 64, 160, 256],
    )
    return models.SegFormerBackbone(image_encoder=encoder, projection_filters=256)


def clip_base():
    """Radford et al. 2021."""
    vision = models.CLIPVisionEncoder(
        patch_size=32, hidden_dim=768, num_layers=12, num_heads=12, intermediate_dim=3072,
        image_shape=(224, 224, 3),
    )
    text = models.CLIPTextEncoder(
        vocabulary_size=49408, embedding_dim=512, hidden_dim=512, num_layers=12, num_heads=8,
        intermediate_dim=2048,
    )
    return models.CLIPBackbone(vision, text, projection_dim=512)


def retinanet_hub():
    """Lin et al. 2017."""
    backbone = models.ResNetBackbone(
        [64], [7], [64, 128, 256, 512], [3, 4, 6, 3], [1, 2, 2, 2], "bottleneck_block",
        use_pre_activation=False, image_shape=(512, 512, 3),
    )
    return models.RetinaNetBackbone(
        image_encoder=backbone, min_level=3, max_level=7, use_p5=False, image_shape=(512, 512, 3)
    )


def deeplab_hub():
    """Chen et al. 2018."""
    backbone = models.ResNetBackbone(
        [64], [7], [64, 128, 256, 512], [3, 4, 6, 3], [1, 2, 2, 2], "bottleneck_block",
        use_pre_activation=False, image_shape=(512, 512, 3),
    )
    return models.DeepLabV3Backbone(
        image_encoder=backbone, spatial_pyramid_pooling_key="P4", upsampling_size=16 // 2,
        dilation_rates=[6, 12, 18], low_level_feature_key="P2", projection_filters=48,
    )


def sam_base():
    """Kirillov et al. 2023."""
    encoder = models.ViTDetBackbone(
        hidden_size=768, num_layers=12, intermediate_dim=3072, num_heads=12,
        global_attention_layer_indices=[2, 5, 8, 11], image_shape=(1024, 1024, 3),
    )
    prompts = keras_hub.layers.SAMPromptEncoder(
        hidden_size=256, image_embedding_size=(64, 64), input_image_size=(1024, 1024),
        mask_in_channels=16,
    )
    masks = keras_hub.layers.SAMMaskDecoder(
        num_layers=2, hidden_size=256, intermediate_dim=2048, num_heads=8, embedding_dim=256,
        num_multimask_outputs=3, iou_head_depth=3, iou_head_hidden_dim=256,
    )
    return models.SAMBackbone(image_encoder=encoder, prompt_encoder=prompts, mask_decoder=masks)
