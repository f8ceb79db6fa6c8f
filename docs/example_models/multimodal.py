"""A network with several inputs: what a picture shows and what a sentence asks."""

import keras
from keras import layers


def build_question_answering(answers: int = 1000, words: int = 8000) -> keras.Model:
    """Answer a question about a picture, with what is known of the place where it was taken."""
    picture = keras.Input((224, 224, 3), name="picture")
    question = keras.Input((20,), dtype="int32", name="question")
    place = keras.Input((2,), name="place")

    x = layers.Rescaling(1 / 255)(picture)
    for filters in (32, 64, 128, 256):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)

    asked = layers.Embedding(words, 128)(question)
    asked = layers.Bidirectional(layers.LSTM(128))(asked)

    both = layers.Multiply()([x, asked])
    where = layers.Dense(32, activation="relu")(place)
    known = layers.Concatenate()([both, where])
    known = layers.Dense(512, activation="relu")(known)
    known = layers.Dropout(0.3)(known)
    answer = layers.Dense(answers, activation="softmax", name="answer")(known)
    confidence = layers.Dense(1, activation="sigmoid", name="confidence")(known)
    return keras.Model([picture, question, place], [answer, confidence], name="question_answering")
