/* Photographs as planes of floats between 0 and 1: red, green, blue. Files are PNG, by libpng. */

#ifndef IMAGE_H
#define IMAGE_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct image {
  int height, width;
  float *planes; /* 3 x height x width; free() it */
} image;

/* Both return 0 if all is well; if not, they say on stderr what is wrong. Numbers beyond 0 and 1 are written as these. */
int read_image(const char *path, image *read);
int write_image(const char *path, const image *written);

#ifdef __cplusplus
}
#endif

#endif
