from keras import Sequential
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D, ZeroPadding2D

from keras_diagram_core import visualkeras

model = Sequential([Input((224, 224, 3))])
for filters, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
    for _ in range(count):
        model.add(ZeroPadding2D((1, 1)))
        model.add(Conv2D(filters, (3, 3), activation="relu"))
    model.add(visualkeras.SpacingDummyLayer(spacing=100))
    model.add(MaxPooling2D((2, 2), strides=(2, 2)))
model.add(visualkeras.SpacingDummyLayer(spacing=100))
model.add(Flatten())
model.add(Dense(4096, activation="relu"))
model.add(Dropout(0.5))
model.add(Dense(4096, activation="relu"))
model.add(Dropout(0.5))
model.add(Dense(1000, activation="softmax"))
