#include "parsimony/nn/cases.hpp"

#include <algorithm>

#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {

template <typename T>
Cases<T> make_cases(const data::Dataset& data, const data::Normalisation& normalisation) {
  std::vector<float> normalised = data.values;
  data::normalise(normalised, normalisation);
  Cases<T> cases;
  cases.count = data.size();
  cases.height = data.height;
  cases.channels = data.channels;
  cases.ld = padded<T>(data.channels);
  cases.case_size = std::int64_t{data.length} * cases.ld;
  cases.labels = data.labels;
  cases.normalisation = normalisation;
  cases.values.assign(static_cast<std::size_t>(cases.count * cases.case_size), T(0));
  const std::int64_t rows = cases.count * data.length;
  for (std::int64_t r = 0; r < rows; ++r)
    std::copy_n(normalised.begin() + r * data.channels, data.channels, cases.values.begin() + r * cases.ld);
  return cases;
}

template <typename T>
void gather(const Cases<T>& cases, std::span<const std::int64_t> indices, T* to) {
  for (const std::int64_t index : indices)
    to = std::copy_n(cases.values.begin() + index * cases.case_size, cases.case_size, to);
}

template Cases<float> make_cases<float>(const data::Dataset&, const data::Normalisation&);
template Cases<double> make_cases<double>(const data::Dataset&, const data::Normalisation&);
template void gather<float>(const Cases<float>&, std::span<const std::int64_t>, float*);
template void gather<double>(const Cases<double>&, std::span<const std::int64_t>, double*);

}  // namespace parsimony::nn
