#include "parsimony/nn/cases.hpp"

#include <type_traits>
#include <utility>

namespace parsimony::nn {

template <typename T>
Cases<T> make_cases(const data::Dataset& data, const data::Normalisation& normalisation) {
  std::vector<float> normalised = data.values;
  data::normalise(normalised, normalisation);
  Cases<T> cases;
  cases.count = data.size();
  cases.length = data.length;
  cases.height = data.height;
  cases.channels = data.channels;
  cases.labels = data.labels;
  cases.normalisation = normalisation;
  if constexpr (std::is_same_v<T, float>)
    cases.values = std::move(normalised);
  else
    cases.values.assign(normalised.begin(), normalised.end());
  return cases;
}

template <typename T>
void gather(const Cases<T>& cases, std::span<const std::int64_t> indices, T* to) {
  for (const std::int64_t index : indices) to = pad_rows(cases.at(index), cases.length, cases.channels, to);
}

template Cases<float> make_cases<float>(const data::Dataset&, const data::Normalisation&);
template Cases<double> make_cases<double>(const data::Dataset&, const data::Normalisation&);
template void gather<float>(const Cases<float>&, std::span<const std::int64_t>, float*);
template void gather<double>(const Cases<double>&, std::span<const std::int64_t>, double*);

}  // namespace parsimony::nn
