#include "parsimony/search/training_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "parsimony/base/errors.hpp"

namespace parsimony::search {
namespace {

using config::Field;
using network::Augmentation;
using network::ClassWeighting;
using network::DivergenceStop;
using network::LossOptions;
using network::QuantisationOptions;
using network::RangeEstimator;
using network::Ranking;
using network::TrainingOptions;
using Json = nlohmann::json;

/// In the order of their enumerations.
const std::vector<std::string> kRankings{"norm", "batch-norm", "taylor"};
const std::vector<std::string> kEstimators{"min-max", "percentile", "mse", "auto"};

template <typename Enumeration>
Enumeration named(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<Enumeration>(std::find(names.begin(), names.end(), name) - names.begin());
}

template <typename Enumeration>
const std::string& name_of(const std::vector<std::string>& names, Enumeration value) {
  return names.at(static_cast<std::size_t>(value));
}

// ---- reading

void read_rotation(const Field& field, Augmentation& augment) {
  if (!field.is_mapping()) {
    augment.rotation = field.number(0.0, 180.0);
    return;
  }
  field.expect_keys({"degrees", "triples"});
  augment.rotation = field.at("degrees").number(0.0, 180.0);
  const auto triples = field.find("triples");
  if (!triples) return;
  std::set<std::int64_t> seen;
  for (const Field& item : triples->items()) {
    const std::vector<Field> channels = item.items();
    if (channels.size() != 3)
      item.fail(fmt::format("has {} channels", channels.size()), "three: x, y and z of one vector");
    std::array<std::int32_t, 3>& triple = augment.triples.emplace_back();
    for (std::size_t i = 0; i < 3; ++i) {
      triple[i] = static_cast<std::int32_t>(channels[i].integer(0, 1 << 20));
      if (!seen.insert(triple[i]).second)
        channels[i].fail(fmt::format("is channel {} again", triple[i]), "each channel once");
    }
  }
}

Augmentation read_augmentation(const Field& field) {
  field.expect_keys({"flip", "crop", "erase", "jitter", "scale", "rotation", "warp"});
  Augmentation augment;
  if (const auto flip = field.find("flip")) augment.flip = flip->boolean();
  if (const auto crop = field.find("crop")) augment.crop = static_cast<std::int32_t>(crop->integer(0, 64));
  if (const auto erase = field.find("erase"))
    augment.erase = static_cast<std::int32_t>(erase->integer(0, 64));
  if (const auto jitter = field.find("jitter")) augment.jitter = jitter->number(0.0, 10.0);
  if (const auto scale = field.find("scale")) augment.scale = scale->number(0.0, 1.0);
  if (const auto rotation = field.find("rotation")) read_rotation(*rotation, augment);
  if (const auto warp = field.find("warp")) augment.warp = warp->number(0.0, 0.9);
  return augment;
}

void read_class_weights(const Field& field, LossOptions& loss) {
  if (!field.is_sequence()) {
    const bool balanced = field.choice({"none", "balanced"}) == "balanced";
    loss.weighting = balanced ? ClassWeighting::balanced : ClassWeighting::none;
    return;
  }
  loss.weighting = ClassWeighting::given;
  for (const Field& weight : field.items()) loss.class_weights.push_back(weight.number(1e-3, 1e3));
}

/// What `stop_on_divergence: true` means: far above anything that a training which learns goes through.
constexpr DivergenceStop kUsualStop{2.0, 10};

DivergenceStop read_stop(const Field& field) {
  if (field.is_scalar()) return field.boolean() ? kUsualStop : DivergenceStop{};
  field.expect_keys({"factor", "epochs"});
  DivergenceStop stop = kUsualStop;
  if (const auto factor = field.find("factor")) stop.factor = factor->number(1.0, 1000.0);
  if (const auto epochs = field.find("epochs"))
    stop.epochs = static_cast<std::int32_t>(epochs->integer(1, 10000));
  return stop;
}

void read_process(const Field& field, TrainingOptions& options) {
  field.expect_keys({"input_clip", "label_smoothing", "class_weights", "gradient_clip", "warmup",
                     "stop_on_divergence", "pruning_ranking"});
  if (const auto clip = field.find("input_clip")) options.input_clip = clip->number(1.0, 1000.0);
  if (const auto smoothing = field.find("label_smoothing"))
    options.loss.label_smoothing = smoothing->number(0.0, 0.9);
  if (const auto weights = field.find("class_weights")) read_class_weights(*weights, options.loss);
  if (const auto clip = field.find("gradient_clip")) options.gradient_clip = clip->number(1e-6, 1e6);
  if (const auto warmup = field.find("warmup"))
    options.warmup = static_cast<std::int32_t>(warmup->integer(0, 1000));
  if (const auto stop = field.find("stop_on_divergence")) options.stop = read_stop(*stop);
  if (const auto ranking = field.find("pruning_ranking"))
    options.ranking = named<Ranking>(kRankings, ranking->choice(kRankings));
}

QuantisationOptions read_quantisation(const Field& field) {
  field.expect_keys({"ranges", "percentile", "equalisation", "bias_correction"});
  QuantisationOptions options;
  if (const auto ranges = field.find("ranges"))
    options.ranges = named<RangeEstimator>(kEstimators, ranges->choice(kEstimators));
  if (const auto percentile = field.find("percentile")) {
    options.percentile = percentile->number(90.0, 100.0);
    if (options.ranges != RangeEstimator::percentile)
      percentile->fail(fmt::format("is given, but ranges is '{}'", name_of(kEstimators, options.ranges)),
                       "beside 'ranges: percentile' alone");
  }
  if (const auto equalisation = field.find("equalisation")) options.equalisation = equalisation->boolean();
  if (const auto correction = field.find("bias_correction")) options.bias_correction = correction->boolean();
  return options;
}

// ---- what the data must be like

std::string allowed_of(bool images) {
  return images ? "of images: flip, crop, erase" : "of series: jitter, scale, rotation, warp";
}

void require_kind(const Augmentation& augment, bool images, const std::string& where) {
  const auto refuse = [&](const char* name) {
    throw InputError(
        fmt::format("{}: augment.{}", where, name),
        images ? "changes series, but the data are images" : "changes images, but the data are series",
        allowed_of(images));
  };
  if (augment.flip && !images) refuse("flip");
  if (augment.crop > 0 && !images) refuse("crop");
  if (augment.erase > 0 && !images) refuse("erase");
  if (augment.jitter > 0.0 && images) refuse("jitter");
  if (augment.scale > 0.0 && images) refuse("scale");
  if (augment.rotation > 0.0 && images) refuse("rotation");
  if (augment.warp > 0.0 && images) refuse("warp");
}

/// Something of the image must be left.
void require_less_than_an_image(const char* name, std::int32_t pixels, const data::Dataset& data,
                                const std::string& where) {
  const std::int32_t side = std::min(data.height, data.width());
  if (pixels > 0 && pixels >= side)
    throw InputError(fmt::format("{}: augment.{}", where, name),
                     fmt::format("is {}, but the images are {} x {}", pixels, data.height, data.width()),
                     fmt::format("0 to {}", side - 1));
}

void require_triples(const Augmentation& augment, const data::Dataset& data, const std::string& where) {
  if (augment.triples.empty() && data.channels % 3 != 0)
    throw InputError(where + ": augment.rotation",
                     fmt::format("turns vectors of three channels, but the data have {}", data.channels),
                     "{degrees: …, triples: [[0, 1, 2], …]} says which channels are x, y and z");
  for (const auto& triple : augment.triples)
    for (const std::int32_t channel : triple)
      if (channel >= data.channels)
        throw InputError(where + ": augment.rotation.triples",
                         fmt::format("names channel {} of {}", channel, data.channels),
                         fmt::format("0 to {}", data.channels - 1));
}

// ---- storing

/// What a stored study means that says nothing of it: the usual ways of the time when studies began to be
/// stored.
const QuantisationOptions kUnsaid{.ranges = RangeEstimator::min_max, .bias_correction = false};

/// Writes what differs from its default.
class Differences {
 public:
  template <typename Value>
  Differences& add(const char* name, const Value& value, const Value& by_default) {
    if (value != by_default) json_[name] = value;
    return *this;
  }
  void into(Json& study, const char* key) const {
    if (!json_.empty()) study[key] = json_;
  }

 private:
  Json json_ = Json::object();
};

}  // namespace

TrainingOptions read_training(const Field& study) {
  TrainingOptions options;
  if (const auto augment = study.find("augment")) options.augment = read_augmentation(*augment);
  if (const auto training = study.find("training")) read_process(*training, options);
  if (const auto quantisation = study.find("quantisation"))
    options.quantisation = read_quantisation(*quantisation);
  return options;
}

const std::vector<std::string>& training_keys() {
  static const std::vector<std::string> keys{"augment", "training", "quantisation"};
  return keys;
}

void add_training_json(Json& study, const TrainingOptions& options) {
  const TrainingOptions usual;
  const Augmentation& a = options.augment;
  Differences()
      .add("flip", a.flip, usual.augment.flip)
      .add("crop", a.crop, usual.augment.crop)
      .add("erase", a.erase, usual.augment.erase)
      .add("jitter", a.jitter, usual.augment.jitter)
      .add("scale", a.scale, usual.augment.scale)
      .add("rotation", a.rotation, usual.augment.rotation)
      .add("triples", a.triples, usual.augment.triples)
      .add("warp", a.warp, usual.augment.warp)
      .into(study, "augment");
  Json weights = "none";
  if (options.loss.weighting == ClassWeighting::balanced) weights = "balanced";
  if (options.loss.weighting == ClassWeighting::given) weights = options.loss.class_weights;
  Differences()
      .add("input_clip", options.input_clip, usual.input_clip)
      .add("label_smoothing", options.loss.label_smoothing, usual.loss.label_smoothing)
      .add("class_weights", weights, Json("none"))
      .add("gradient_clip", options.gradient_clip, usual.gradient_clip)
      .add("warmup", options.warmup, usual.warmup)
      .add("divergence_factor", options.stop.factor, usual.stop.factor)
      .add("divergence_epochs", options.stop.epochs, usual.stop.epochs)
      .add("pruning_ranking", name_of(kRankings, options.ranking), name_of(kRankings, usual.ranking))
      .into(study, "training");
  const QuantisationOptions& q = options.quantisation;
  Differences()
      .add("ranges", name_of(kEstimators, q.ranges), name_of(kEstimators, kUnsaid.ranges))
      .add("percentile", q.percentile, kUnsaid.percentile)
      .add("equalisation", q.equalisation, kUnsaid.equalisation)
      .add("bias_correction", q.bias_correction, kUnsaid.bias_correction)
      .into(study, "quantisation");
}

TrainingOptions training_of_json(const Json& study) {
  TrainingOptions options;
  const Json augment = study.value("augment", Json::object());
  Augmentation& a = options.augment;
  a.flip = augment.value("flip", a.flip);
  a.crop = augment.value("crop", a.crop);
  a.erase = augment.value("erase", a.erase);
  a.jitter = augment.value("jitter", a.jitter);
  a.scale = augment.value("scale", a.scale);
  a.rotation = augment.value("rotation", a.rotation);
  a.triples = augment.value("triples", a.triples);
  a.warp = augment.value("warp", a.warp);
  const Json training = study.value("training", Json::object());
  options.input_clip = training.value("input_clip", options.input_clip);
  options.loss.label_smoothing = training.value("label_smoothing", options.loss.label_smoothing);
  const Json weights = training.value("class_weights", Json("none"));
  if (weights == "balanced") options.loss.weighting = ClassWeighting::balanced;
  if (weights.is_array()) options.loss = {options.loss.label_smoothing, ClassWeighting::given, weights};
  options.gradient_clip = training.value("gradient_clip", options.gradient_clip);
  options.warmup = training.value("warmup", options.warmup);
  options.stop.factor = training.value("divergence_factor", options.stop.factor);
  options.stop.epochs = training.value("divergence_epochs", options.stop.epochs);
  options.ranking =
      named<Ranking>(kRankings, training.value("pruning_ranking", name_of(kRankings, options.ranking)));
  const Json quantisation = study.value("quantisation", Json::object());
  QuantisationOptions& q = options.quantisation;
  q = kUnsaid;
  q.ranges = named<RangeEstimator>(kEstimators, quantisation.value("ranges", name_of(kEstimators, q.ranges)));
  q.percentile = quantisation.value("percentile", q.percentile);
  q.equalisation = quantisation.value("equalisation", q.equalisation);
  q.bias_correction = quantisation.value("bias_correction", q.bias_correction);
  return options;
}

void require_suitable(const TrainingOptions& options, const data::Dataset& data, std::string_view where) {
  const std::string file(where);
  require_kind(options.augment, data.height > 1, file);
  if (options.augment.flip && data.log_mel)
    throw InputError(file + ": augment.flip", "mirrors the bands of a spectrogram: high would be low",
                     "of spectrograms: crop, erase");
  require_less_than_an_image("crop", options.augment.crop, data, file);
  require_less_than_an_image("erase", options.augment.erase, data, file);
  if (options.augment.rotation > 0.0) require_triples(options.augment, data, file);
  const std::size_t weights = options.loss.class_weights.size();
  if (options.loss.weighting == ClassWeighting::given && weights != data.class_names.size())
    throw InputError(file + ": training.class_weights",
                     fmt::format("has {} weights, but the data have {} classes", weights, data.classes()),
                     fmt::format("one for each of {}", fmt::join(data.class_names, ", ")));
}

}  // namespace parsimony::search
