/* A panel of tiles at a time is loaded, multiplied and stored, within the cache:

   V  [product][group of tiles][block of LANES floats, with IN_FLOAT terms in the room of each][tile][term]
   M  [tile][block of filters][product][filter] */

#define STRIDED 1 /* of arrays, only channels (NHWC) or columns (NCHW) must be neighbours */
#define TILES_PER_FILTER_READ 42 /* which hide the reading of filters from memory */

static int64_t steps_of(const layer *of) { return terms_of(of) / IN_FLOAT; }

static int64_t blocks_of_V(const layer *of) { return parts(steps_of(of), LANES); }

static int64_t tiles_across(const layer *of) { return parts(of->out_width, OUTPUTS_ACROSS); }

static int64_t tiles_down(const layer *of) { return parts(of->out_height, OUTPUTS_DOWN); }

static int64_t tiles_of(const layer *of) { return of->dims.batch * tiles_down(of) * tiles_across(of); }

static int64_t items_of(const layer *of) { return parts(tiles_of(of), of->panel); }

/* Tiles of a panel: those that are asked for, or a quarter of L2, or what hides the reading of large filters. */
static int64_t panel_of(const layer *of) {
  const int64_t tiles = tiles_of(of), steps = steps_of(of), filters = of->dims.filters;
  int64_t wanted = most(ROWS, L2 / 4 / (PRODUCTS * (steps + filters) * 4)), share;
  if (of->dims.panel) return least(of->dims.panel, tiles);
  if (4 * KEPT_DOWN * KEPT_ACROSS * steps * filters > L2 / 2) wanted = most(wanted, TILES_PER_FILTER_READ);
  share = parts(tiles, parts(tiles, wanted));
  return least(parts(share, ROWS) * ROWS, tiles);
}

/* The parts of a workspace, by where they start. */
typedef struct {
  int64_t V, M, strip, out_strip, turned, half, end;
} places;

static int64_t product_stride(const layer *of) {
  const int64_t lines = parts(of->panel, ROWS) * blocks_of_V(of) * least(ROWS, of->panel);
  return lines * LANES + LINE; /* lest all products fall into one set of the cache */
}

static int64_t turned_row(const layer *of) {
  return parts(least(of->panel, tiles_across(of)) * OUTPUTS_ACROSS, LANES) * LANES;
}

static places places_of(const layer *of) {
  const int64_t across = least(of->panel, tiles_across(of));
  places at;
  at.V = 0;
  at.M = at.V + PRODUCTS * product_stride(of);
  at.strip = at.M + of->panel * filter_blocks(of) * PRODUCTS * BLOCK + LINE;
  at.out_strip = at.strip + RANKS_DOWN * ((across - 1) * STEP_ACROSS + INPUTS_ACROSS + LANES) * LANES;
  at.turned = at.out_strip + (OUTPUTS_DOWN * across * OUTPUTS_ACROSS + LANES) * LANES;
  at.half = at.turned + SIDE * (LANES * turned_row(of) + LANES);
  at.end = at.half + most(RANKS_DOWN * LANES, OUTPUTS_DOWN * RANKS_ACROSS) * LANES;
  return at;
}

static int64_t workspace_floats(const layer *of) { return places_of(of).end; }

/* Where the first line of a tile begins in V, of so many tiles of a panel; that of the next block of terms lies LANES floats
   behind the first for each tile of the tallest group. */
static inline int64_t line_of_tile(const layer *of, int64_t tile, int64_t tiles) {
  const int64_t lines = tallest(tiles), low = tile - number_of_tallest(tiles) * lines;
  const int64_t group = low < 0 ? tile / lines : number_of_tallest(tiles) + low / (lines - 1);
  const int64_t line = low < 0 ? tile % lines : low % (lines - 1);
  return (group * blocks_of_V(of) * lines + line) * LANES;
}

