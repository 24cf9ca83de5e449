#include "parsimony/nn/input_means.hpp"

#include "parsimony/nn/calibrate.hpp"

namespace parsimony::nn {
namespace {

using network::Layer;
using network::LayerKind;
using network::Shape;

/// A layer's windows over the plane of its input; a linear layer's is all of it.
struct Plane {
  int height = 1, width = 1, height_out = 1, width_out = 1;
  ir::Window down, across;

  std::int64_t positions_out() const { return std::int64_t{height_out} * width_out; }
};

int rows_of(const Shape& shape) {
  return shape.size() == 3 ? shape[0] : 1;
}
int columns_of(const Shape& shape) {
  return shape.size() == 1 ? 1 : shape[shape.size() - 2];
}

Plane plane_of(const Layer& layer, const Shape& input, const Shape& output) {
  Plane plane{rows_of(input), columns_of(input), rows_of(output), columns_of(output), {}, {}};
  if (layer.kind == LayerKind::linear) {
    plane.down.kernel = plane.height;
    plane.across.kernel = plane.width;
  } else {
    plane.across = layer.windows.back();
    if (layer.windows.size() == 2) plane.down = layer.windows.front();
  }
  return plane;
}

/// Calls body(tap, input position) for every window of the output and each of its taps inside the input.
template <typename Body>
void for_windows(const Plane& plane, const Body& body) {
  for (int r = 0; r < plane.down.kernel; ++r)
    for (int t = 0; t < plane.across.kernel; ++t)
      for (int oy = 0; oy < plane.height_out; ++oy)
        for (int ox = 0; ox < plane.width_out; ++ox) {
          const int y = oy * plane.down.stride - plane.down.pad_before + r * plane.down.dilation;
          const int x = ox * plane.across.stride - plane.across.pad_before + t * plane.across.dilation;
          if (y >= 0 && y < plane.height && x >= 0 && x < plane.width)
            body(r * plane.across.kernel + t, y * plane.width + x);
        }
}

template <typename T>
void add_windows(const Plane& plane, const LayerOutput<T>& input, std::vector<double>& sums) {
  const std::int64_t positions = std::int64_t{plane.height} * plane.width;
  for (std::int64_t n = 0; n < input.cases; ++n)
    for_windows(plane, [&](int tap, int position) {
      const T* row = input.values + (n * positions + position) * input.ld;
      double* sum = sums.data() + std::int64_t{tap} * input.channels;
      for (int c = 0; c < input.channels; ++c) sum[c] += static_cast<double>(row[c]);
    });
}

}  // namespace

template <typename T>
InputMeans input_means(Parameters<T>& parameters, const Cases<T>& cases,
                       std::span<const std::int64_t> indices) {
  const network::Description& description = parameters.description;
  const std::vector<Shape> shapes = network::output_shapes(description);
  const auto shape_of = [&](int layer) {
    return layer == network::kInput ? description.input_shape : shapes[static_cast<std::size_t>(layer)];
  };
  InputMeans means(shapes.size());
  see_outputs<T>(parameters, cases, indices, [&](const LayerOutput<T>& output) {
    if (output.before_activation) return;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const Layer& layer = description.layers[i];
      if (!network::has_weights(layer.kind) || layer.inputs[0] != output.layer) continue;
      means[i].resize(static_cast<std::size_t>(parameters.layers[i].taps) *
                      static_cast<std::size_t>(output.channels));
      add_windows(plane_of(layer, shape_of(output.layer), shapes[i]), output, means[i]);
    }
  });
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Layer& layer = description.layers[i];
    if (means[i].empty()) continue;
    const std::int64_t windows = plane_of(layer, shape_of(layer.inputs[0]), shapes[i]).positions_out() *
                                 static_cast<std::int64_t>(indices.size());
    for (double& mean : means[i]) mean /= static_cast<double>(windows);
  }
  return means;
}

template InputMeans input_means<float>(Parameters<float>&, const Cases<float>&,
                                       std::span<const std::int64_t>);
template InputMeans input_means<double>(Parameters<double>&, const Cases<double>&,
                                        std::span<const std::int64_t>);

}  // namespace parsimony::nn
