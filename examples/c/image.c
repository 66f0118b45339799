#include "image.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refused(const char *path, const char *why) {
  fprintf(stderr, "%s: %s\n", path, why);
  return 1;
}

int read_image(const char *path, image *read) {
  png_image file = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_file(&file, path)) return refused(path, file.message);
  file.format = PNG_FORMAT_RGB;
  size_t pixels = (size_t)file.height * file.width;
  png_byte *bytes = malloc(3 * pixels);
  *read = (image){(int)file.height, (int)file.width, malloc(3 * pixels * sizeof(float))};
  int failed = !bytes || !read->planes;
  if (failed) refused(path, "too large");
  if (!failed && !png_image_finish_read(&file, NULL, bytes, 0, NULL)) failed = refused(path, file.message);
  for (size_t i = 0; !failed && i < 3 * pixels; ++i) read->planes[i % 3 * pixels + i / 3] = bytes[i] / 255.0f;
  png_image_free(&file);
  free(bytes);
  if (failed) free(read->planes);
  return failed;
}

int write_image(const char *path, const image *written) {
  size_t pixels = (size_t)written->height * (size_t)written->width;
  png_byte *bytes = malloc(3 * pixels);
  if (!bytes) return refused(path, "too large");
  for (size_t i = 0; i < 3 * pixels; ++i) {
    float value = written->planes[i % 3 * pixels + i / 3];
    bytes[i] = (png_byte)(255 * (value < 0 ? 0 : value > 1 ? 1 : value) + 0.5f);
  }
  png_image file = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGB};
  file.height = (png_uint_32)written->height;
  file.width = (png_uint_32)written->width;
  int failed = !png_image_write_to_file(&file, path, 0, bytes, 0, NULL);
  if (failed) refused(path, file.message);
  free(bytes);
  return failed;
}
