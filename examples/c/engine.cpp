/* engine IN.png OUT.png: the skeleton of an engine. It has its own threads, and hands them the items of each layer, in any
   order. The network draws soft edges: what grows and what falls, across and down, of each colour; the
   same blurred; and their sums. */

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "image.h"
#include "net.h"

using Floats = std::vector<float>;
using Memory = std::unique_ptr<void, decltype(&std::free)>;

static Memory take(int64_t bytes) { /* from where the library wants it */
  const int64_t lines = (bytes + NET_ALIGNMENT - 1) / NET_ALIGNMENT;
  Memory memory(std::aligned_alloc(NET_ALIGNMENT, size_t(std::max<int64_t>(lines, 1) * NET_ALIGNMENT)), &std::free);
  if (!memory) throw std::bad_alloc();
  return memory;
}

/* Threads that stay, and share out the items of one piece of work at a time. */
class Pool {
public:
  using Work = std::function<void(size_t thread, int64_t item)>;

  explicit Pool(size_t threads) {
    for (size_t thread = 0; thread < threads; ++thread) members.emplace_back([this, thread] { serve(thread); });
  }

  ~Pool() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      ended = true;
    }
    wake.notify_all();
    for (std::thread &member : members) member.join();
  }

  size_t size() const { return members.size(); }

  void run(int64_t count, const Work &given) {
    std::unique_lock<std::mutex> lock(mutex);
    work = &given;
    items = count;
    next = 0;
    busy = members.size();
    ++round;
    wake.notify_all();
    done.wait(lock, [this] { return busy == 0; });
  }

private:
  void serve(size_t thread) {
    for (uint64_t seen = 0;;) {
      {
        std::unique_lock<std::mutex> lock(mutex);
        wake.wait(lock, [&] { return ended || round != seen; });
        if (ended) return;
        seen = round;
      }
      for (int64_t item = next++; item < items; item = next++) (*work)(thread, item);
      std::lock_guard<std::mutex> lock(mutex);
      if (--busy == 0) done.notify_one();
    }
  }

  std::mutex mutex;
  std::condition_variable wake, done;
  std::atomic<int64_t> next{0};
  const Work *work = nullptr;
  int64_t items = 0;
  uint64_t round = 0;
  size_t busy = 0;
  bool ended = false;
  std::vector<std::thread> members; /* last: they use what stands before */
};

static void check(int status, const char *what) {
  if (status) throw std::runtime_error(std::string(what) + " returned " + std::to_string(status));
}

/* What an engine keeps of a layer: code of the library, sizes, packed weights. */
class Layer {
public:
  Layer(const net_layer &code, const net_dims &dims, const Floats &weights) : code(code), dims(dims) {
    int64_t packed_bytes, alignment;
    check(code.query(&dims, &workspace_bytes, &packed_bytes, &alignment), "query");
    check(code.shape(&dims, sizes, &items), "shape");
    packed = take(packed_bytes);
    check(code.pack(&dims, weights.data(), nullptr, nullptr, nullptr, packed.get(), packed_bytes), "pack");
  }

  Floats run(const Floats &x, Pool &pool) const {
    Floats y(size_t(sizes[0] * sizes[1] * sizes[2] * sizes[3]));
    std::vector<Memory> workspaces; /* an engine would keep the largest for all its layers */
    for (size_t thread = 0; thread < pool.size(); ++thread) workspaces.push_back(take(workspace_bytes));
    std::atomic<int> failed{0};
    pool.run(items, [&](size_t thread, int64_t item) {
      net_args args{};
      args.dims = dims;
      args.x.data = x.data();
      args.y.data = y.data();
      args.packed = packed.get();
      args.workspace = workspaces[thread].get();
      args.workspace_bytes = workspace_bytes;
      if (int status = code.run(&args, item, item + 1)) failed = status;
    });
    check(failed, "run");
    return y;
  }

private:
  net_layer code;
  net_dims dims;
  int64_t workspace_bytes = 0, sizes[4] = {}, items = 0;
  Memory packed{nullptr, &std::free};
};

/* 3x3 weights, all 0 but those of chosen pairs of a filter and a channel. */
class Weights {
public:
  Weights(int filters, int channels) : values(size_t(filters * channels * 9)), channels(channels) {}

  void set(int filter, int channel, const float (&taps)[9], float factor) {
    for (int tap = 0; tap < 9; ++tap) values[size_t((filter * channels + channel) * 9 + tap)] = factor * taps[tap];
  }

  Floats values;

private:
  int channels;
};

static Layer layer(const net_layer &code, const image &photo, const Weights &weights, int filters) {
  net_dims dims = code.dims;
  dims.channels = int64_t(weights.values.size()) / 9 / filters;
  dims.filters = filters;
  dims.height = photo.height;
  dims.width = photo.width;
  return Layer(code, dims, weights.values);
}

static std::vector<Layer> network(const image &photo) {
  const float across[9] = {-1, 0, 1, -2, 0, 2, -1, 0, 1}, down[9] = {-1, -2, -1, 0, 0, 0, 1, 2, 1};
  const float blur[9] = {1, 2, 1, 2, 4, 2, 1, 2, 1}, same[9] = {0, 0, 0, 0, 1, 0, 0, 0, 0};
  Weights changes(12, 3), blurred(12, 12), sums(3, 12);
  for (int filter = 0; filter < 12; ++filter) {
    changes.set(filter, filter / 4, filter % 4 < 2 ? across : down, filter % 2 ? -0.25f : 0.25f);
    blurred.set(filter, filter, blur, 1 / 16.0f);
    sums.set(filter / 4, filter, same, 1);
  }
  const net_layer codes[] = NET_LAYERS; /* as prepare.py wrote them: plain, then relu */
  const net_layer &plain = codes[0], &relu = codes[1];
  std::vector<Layer> layers;
  layers.push_back(layer(relu, photo, changes, 12));
  layers.push_back(layer(relu, photo, blurred, 12));
  layers.push_back(layer(plain, photo, sums, 3));
  return layers;
}

int main(int argc, char **argv) try {
  image photo;
  if (argc != 3) return std::fprintf(stderr, "usage: %s IN.png OUT.png\n", argv[0]), 2;
  if (read_image(argv[1], &photo)) return 1;
  Pool pool(std::max(2u, std::thread::hardware_concurrency()));
  Floats values(photo.planes, photo.planes + 3 * photo.height * photo.width);
  std::free(photo.planes);
  for (const Layer &layer : network(photo)) values = layer.run(values, pool);
  photo.planes = values.data();
  return write_image(argv[2], &photo);
} catch (const std::exception &error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
