"""Backbones of keras.applications, at the sizes of their papers."""

from __future__ import annotations

from keras import applications


def vgg16():
    """Simonyan and Zisserman 2014."""
    return applications.VGG16(weights=None)


def resnet50():
    """He et al. 2015."""
    return applications.ResNet50(weights=None)


def resnet50_v2():
    """He et al. 2016: norm and activation before each convolution."""
    return applications.ResNet50V2(weights=None)


def inception_v3():
    """Szegedy et al. 2015."""
    return applications.InceptionV3(weights=None)


def inception_resnet_v2():
    """Szegedy et al. 2016."""
    return applications.InceptionResNetV2(weights=None)


def xception():
    """Chollet 2016."""
    return applications.Xception(weights=None)


def densenet121():
    """Huang et al. 2016."""
    return applications.DenseNet121(weights=None)


def mobilenet():
    """Howard et al. 2017."""
    return applications.MobileNet(weights=None)


def mobilenet_v2():
    """Sandler et al. 2018."""
    return applications.MobileNetV2(weights=None)


def mobilenet_v3_small():
    """Howard et al. 2019."""
    return applications.MobileNetV3Small(weights=None)


def efficientnet_b0():
    """Tan and Le 2019."""
    return applications.EfficientNetB0(weights=None)


def efficientnet_v2_b0():
    """Tan and Le 2021."""
    return applications.EfficientNetV2B0(weights=None)


def nasnet_mobile():
    """Zoph et al. 2017."""
    return applications.NASNetMobile(weights=None)


def convnext_tiny():
    """Liu et al. 2022."""
    return applications.ConvNeXtTiny(weights=None)
