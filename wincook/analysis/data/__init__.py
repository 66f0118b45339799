"""What is convolved: distributions, and arrays of one's own.

- `distributions`: the laws, and their moments. `draws`: what draws their numbers, and how far these reach.
- `arrays`: tiles cut from images and activations, filters taken from weights.
"""
