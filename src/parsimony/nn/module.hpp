#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/nn/convolution_kernels.hpp"
#include "parsimony/nn/parameters.hpp"
#include "parsimony/nn/row_kernels.hpp"
#include "parsimony/nn/window_product.hpp"

namespace parsimony::nn {

/// PyTorch's, added to a variance before its root.
inline constexpr double kNormEpsilon = 1e-5;
/// PyTorch's share of a batch's statistics in the running ones.
inline constexpr double kRunningShare = 0.1;

/// What a module allocates.
struct ModuleOptions {
  std::int64_t largest_batch = 1;
  bool backward = true;  ///< false: activations share memory as soon as they are read for the last time
};

/// By which statistics batch norms normalise.
struct NormStatistics {
  bool of_batch = true;  ///< the batch's own; else the running ones
  double running_share =
      kRunningShare;  ///< of_batch: running += share · (batch's − running), variance unbiased
};

/// A network made ready to run: explicit forward and backward passes over batches of rows of channels
/// [cases, positions, ld] (lanes.hpp), those of a plane row by row.
///
/// What a convolution computes is stored as it is (z); batch norm and activation are applied where z is read
/// (Affine), so that each activation crosses memory once. Every pass goes through a layer in chunks of whole
/// cases that stay in the first caches, and the gradient of a batch norm is formed in the chunk where it is
/// used.
template <typename T>
class Module {
 public:
  /// `parameters` must outlive the module and keep its layout.
  Module(Parameters<T>& parameters, const ModuleOptions& options);

  /// @param input  [cases, positions, ld of the input's channels], aligned to whole vectors, kept alive
  ///               until the backward pass is over
  /// @return       logits [cases, logits_ld()], valid until the next call
  const T* forward(const T* input, std::int64_t cases, const NormStatistics& statistics);
  int logits_ld() const { return stages_.back().planes.ld_out; }

  /// Where the loss puts its gradient, [cases, logits_ld()], padding 0, between forward and backward.
  T* logit_gradients() { return stages_.back().gradient; }
  /// Fills parameters.gradients for the batch of the last forward pass (of_batch or not is taken from it).
  void backward();

  /// Layer's output after its activation for the last forward pass, [cases, positions, ld], into memory
  /// aligned to whole vectors. Only while options.backward keeps everything, or for the last layer.
  void read_output(std::size_t layer, T* to) const;
  /// The same before its activation.
  void read_before_activation(std::size_t layer, T* to) const;
  std::int64_t output_rows(std::size_t layer) const { return stages_[layer].planes.positions_out(); }
  int output_ld(std::size_t layer) const { return stages_[layer].planes.ld_out; }

 private:
  struct Chunk {
    std::int64_t first = 0, cases = 0;
  };
  /// Which of a layer's gradient contributions this one is, in the order of the backward pass.
  struct Delivery {
    bool first = false, last = false;
  };
  struct Stage {
    const network::Layer* layer = nullptr;
    LayerLayout layout;
    Planes planes;       ///< cases left 0
    bool plain = false;  ///< z is the output: no weights, no activation
    std::int64_t chunk_cases = 1;
    T* z = nullptr;                    ///< [batch, positions_out, ld_out]
    T* gradient = nullptr;             ///< likewise; of the output, then of z·scale + shift
    std::vector<Delivery> deliveries;  ///< one for each input
    at::Tensor numbers;                ///< what the pointers below point to, [ld_out] each
    T *scale, *shift, *mean, *inverse_deviation, *squares, *sum_plain, *sum_centred, *a, *b, *c;
    at::Tensor transposed;    ///< [taps, out, ld_in]
    at::Tensor taps_scratch;  ///< [taps, ld], depthwise
  };

  // module.cpp
  Planes planes_of(std::size_t index) const;
  std::int64_t cases_in_chunk(std::size_t index) const;
  void add_stage(std::size_t index);
  std::int64_t case_size(int layer) const;
  const network::Shape& shape_of(int layer) const;
  void plan_deliveries();
  void allocate_activations();
  void allocate_gradients();
  void allocate_scratch();
  Planes planes_of_chunk(const Stage& stage, Chunk chunk) const;
  Affine<T> affine(const Stage& stage) const;
  const T* activated(int layer, Chunk chunk, T* scratch) const;
  template <typename Body>
  void for_chunks(const Stage& stage, const Body& body) const;
  void run_forward(Stage& stage, const NormStatistics& statistics);
  void forward_chunk(Stage& stage, Chunk chunk);
  const T* framed(const Extent& extent, const Halo& halo, const T* x);
  void concatenate(Stage& stage, Chunk chunk, T* z);
  void set_affine(Stage& stage, const NormStatistics& statistics, std::int64_t rows);
  void update_running(Stage& stage, double share, std::int64_t rows);

  // module_backward.cpp
  void run_backward(Stage& stage);
  void begin_backward(Stage& stage);
  void transpose_weights(Stage& stage);
  void backward_chunk(Stage& stage, Chunk chunk);
  void backward_weights(Stage& stage, Chunk chunk, const T* dz);
  void backward_product(Stage& stage, Chunk chunk, const T* x, const T* dz);
  void backward_scale(Stage& stage, Chunk chunk, const T* g);
  void backward_max_pool(Stage& stage, Chunk chunk, const T* g);
  void backward_concatenation(Stage& stage, Chunk chunk, const T* g);
  template <typename Compute>
  void deliver(const Stage& from, std::size_t input, Chunk chunk, const Compute& compute);
  void finish_gradient(Stage& stage, Chunk chunk);

  Parameters<T>& parameters_;
  ModuleOptions options_;
  std::vector<network::Shape> shapes_;
  std::vector<Stage> stages_;
  std::vector<at::Tensor> buffers_;
  at::Tensor input_scratch_, second_scratch_, halo_scratch_, gradient_scratch_, delivery_scratch_;
  at::Tensor logits_;
  const T* input_ = nullptr;
  std::int64_t cases_ = 0;
  bool of_batch_ = true;
};

}  // namespace parsimony::nn
