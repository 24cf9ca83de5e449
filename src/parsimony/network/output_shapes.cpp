#include "parsimony/base/contracts.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {
namespace {

using Shape = std::vector<std::int32_t>;

Shape convolved(const Layer& layer, const Shape& input) {
  PARSIMONY_EXPECTS(input.size() == layer.windows.size() + 1);
  Shape shape;
  for (std::size_t axis = 0; axis < layer.windows.size(); ++axis) {
    shape.push_back(layer.windows[axis].outputs(input[axis]));
    PARSIMONY_EXPECTS(shape.back() >= 1);
  }
  shape.push_back(layer.channels);
  return shape;
}

Shape shape_of(const Layer& layer, const std::vector<const Shape*>& inputs) {
  switch (layer.kind) {
    case LayerKind::convolution:
      return convolved(layer, *inputs[0]);
    case LayerKind::depthwise_convolution:
      PARSIMONY_EXPECTS(inputs[0]->back() == layer.channels);
      return convolved(layer, *inputs[0]);
    case LayerKind::linear:
      PARSIMONY_EXPECTS(inputs[0]->size() == 1);
      return {layer.channels};
    case LayerKind::global_mean:
      PARSIMONY_EXPECTS(inputs[0]->size() >= 2 && inputs[0]->back() == layer.channels);
      return {layer.channels};
    case LayerKind::scale:
      PARSIMONY_EXPECTS(inputs.size() == 2 && inputs[0]->back() == layer.channels);
      PARSIMONY_EXPECTS(inputs[1]->size() == 1 && inputs[1]->back() == layer.channels);
      return *inputs[0];
  }
  contract_broken("precondition", "a known kind of layer", __FILE__, __LINE__);
}

}  // namespace

std::vector<Shape> output_shapes(const Description& description) {
  std::vector<Shape> shapes;
  shapes.reserve(description.layers.size());
  std::vector<const Shape*> inputs;
  for (const Layer& layer : description.layers) {
    PARSIMONY_EXPECTS(!layer.inputs.empty() && layer.channels >= 1);
    inputs.clear();
    for (int input : layer.inputs) {
      PARSIMONY_EXPECTS(input >= kInput && input < static_cast<int>(shapes.size()));
      inputs.push_back(input == kInput ? &description.input_shape : &shapes[static_cast<std::size_t>(input)]);
    }
    shapes.push_back(shape_of(layer, inputs));
  }
  return shapes;
}

}  // namespace parsimony::network
