#include "parsimony/surrogate/gaussian_process.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/surrogate/kernel.hpp"

namespace parsimony::surrogate {
namespace {

/// What a posterior needs, at one precision.
template <class Real>
struct Tables {
  Vector<Real> factors;       // [features]
  Matrix<Real> columns;       // scaled observed points, [features, n]
  Vector<Real> norms;         // their squared norms, [n]
  Vector<Real> weights;       // K⁻¹(y − mean), times the output scale, [n]
  Matrix<Real> inverse_root;  // L⁻¹ with LLᵀ = K, lower, times the output scale, [n, n]
  Real mean = 0, output_scale = 1;
};

template <class Real>
Eigen::Map<Vector<Real>> as_vector(std::span<Real> span) {
  return {span.data(), static_cast<Eigen::Index>(span.size())};
}

/// Lower factor of covariance + noise; the noise is raised tenfold until there is one.
Matrix<double> factorise(const Matrix<double>& covariance, double& noise) {
  while (true) {
    Matrix<double> noisy = covariance;
    noisy.diagonal().array() += noise;
    Eigen::LLT<Matrix<double>> cholesky(noisy);
    if (cholesky.info() == Eigen::Success && cholesky.matrixLLT().allFinite()) return cholesky.matrixL();
    PARSIMONY_ENSURES(noise < 1e6);  // the covariance is finite, so a factor exists long before
    noise *= 10.0;
  }
}

}  // namespace

struct GaussianProcess::State {
  State(const Observations& given, const Hyperparameters& fitted, Kernel form)
      : d(given.d),
        features(given),
        kernel(form),
        hyperparameters(fitted),
        scale(standardisation_of(given.values)),
        noise(fitted.noise) {}

  int d;
  Features features;
  Kernel kernel;
  Hyperparameters hyperparameters;
  Standardisation scale;
  double noise;             // of the factor: at least the hyperparameters'
  Vector<double> outcomes;  // standardised, [n]
  Tables<double> exact;
  Tables<float> fast;

  void condition(const Observations& observations);
  void factor();
  void append(std::span<const double> point, double value);
  void weigh();

  template <class Real>
  Matrix<Real> correlations(const Tables<Real>& tables, std::span<const Real> points) const {
    const Matrix<Real> columns = scaled_columns<Real, Real>(points, features, tables.factors);
    Matrix<Real> kernel_values;
    squared_distances(tables.columns, tables.norms, columns, kernel_values);
    correlate_in_place(kernel, kernel_values);
    return kernel_values;
  }

  /// On the standardised scale; `variance` may be empty.
  template <class Real>
  void posterior(const Tables<Real>& tables, std::span<const Real> points, std::span<Real> mean,
                 std::span<Real> variance) const {
    const Matrix<Real> kernel_values = correlations(tables, points);
    auto means = as_vector(mean);
    means.noalias() = kernel_values.transpose() * tables.weights;
    means.array() += tables.mean;
    if (variance.empty()) return;
    Matrix<Real> explained(kernel_values.rows(), kernel_values.cols());
    explained.noalias() = tables.inverse_root.template triangularView<Eigen::Lower>() * kernel_values;
    as_vector(variance) =
        (tables.output_scale - explained.colwise().squaredNorm().array()).max(Real(0)).matrix().transpose();
  }
};

void GaussianProcess::State::condition(const Observations& observations) {
  const auto n = static_cast<Eigen::Index>(observations.values.size());
  exact.factors = factors_of<double>(features, kernel, hyperparameters.lengthscales);
  exact.columns = scaled_columns<double, double>(observations.points, features, exact.factors);
  exact.norms = exact.columns.colwise().squaredNorm().transpose();
  exact.output_scale = hyperparameters.output_scale;
  outcomes = ((Eigen::Map<const Vector<double>>(observations.values.data(), n).array() - scale.mean) /
              scale.deviation)
                 .matrix();
  factor();
}

/// L⁻¹ from the columns and the noise, and the weights.
void GaussianProcess::State::factor() {
  const Eigen::Index n = exact.columns.cols();
  Matrix<double> covariance;
  squared_distances(exact.columns, exact.norms, exact.columns, covariance);
  covariance.diagonal().setZero();
  correlate_in_place(kernel, covariance);
  covariance *= exact.output_scale;
  const Matrix<double> root = factorise(covariance, noise);
  exact.inverse_root = Matrix<double>::Identity(n, n);
  root.triangularView<Eigen::Lower>().solveInPlace(exact.inverse_root);
  exact.inverse_root *= exact.output_scale;
  weigh();
}

/// The constant mean of greatest likelihood and the weights of all observations, from factor and outcomes.
void GaussianProcess::State::weigh() {
  const auto root = exact.inverse_root.triangularView<Eigen::Lower>();  // output scale · L⁻¹
  const auto transposed = exact.inverse_root.transpose().triangularView<Eigen::Upper>();
  const double square = exact.output_scale * exact.output_scale;
  const Vector<double> ones = Vector<double>::Ones(outcomes.size());
  const Vector<double> of_ones = transposed * Vector<double>(root * ones);
  const Vector<double> of_outcomes = transposed * Vector<double>(root * outcomes);
  exact.mean = of_outcomes.sum() / of_ones.sum();
  exact.weights = (exact.output_scale / square) * (of_outcomes - exact.mean * of_ones);
  fast = {
      exact.factors.cast<float>(),           exact.columns.cast<float>(),      exact.norms.cast<float>(),
      exact.weights.cast<float>(),           exact.inverse_root.cast<float>(), static_cast<float>(exact.mean),
      static_cast<float>(exact.output_scale)};
}

/// One more row of the factor: with c = L⁻¹k and δ² = k(x, x) + noise − cᵀc the inverse's new row is
/// (−cᵀL⁻¹, 1)/δ. `weigh` must follow.
void GaussianProcess::State::append(std::span<const double> point, double value) {
  const Eigen::Index n = outcomes.size();
  const Vector<double> correlation = correlations<double>(exact, point);
  const double s = exact.output_scale;
  const Vector<double> c = exact.inverse_root.triangularView<Eigen::Lower>() * correlation;
  const double delta = std::sqrt(std::max(s + noise - c.squaredNorm(), noise));
  const Vector<double> row = exact.inverse_root.transpose().triangularView<Eigen::Upper>() * c;
  exact.inverse_root.conservativeResize(n + 1, n + 1);
  exact.inverse_root.col(n).setZero();
  exact.inverse_root.row(n).head(n) = -row.transpose() / delta;
  exact.inverse_root(n, n) = s / delta;
  const Matrix<double> column = scaled_columns<double, double>(point, features, exact.factors);
  exact.columns.conservativeResize(Eigen::NoChange, n + 1);
  exact.columns.col(n) = column;
  exact.norms.conservativeResize(n + 1);
  exact.norms(n) = column.squaredNorm();
  outcomes.conservativeResize(n + 1);
  outcomes(n) = (value - scale.mean) / scale.deviation;
}

GaussianProcess::GaussianProcess(const Observations& observations, const Hyperparameters& hyperparameters,
                                 Kernel kernel)
    : state_(std::make_unique<State>(observations, hyperparameters, kernel)) {
  expect_valid(observations);
  PARSIMONY_EXPECTS(static_cast<int>(hyperparameters.lengthscales.size()) == observations.d);
  state_->condition(observations);
}

GaussianProcess::GaussianProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

GaussianProcess GaussianProcess::extended(std::span<const double> points,
                                          std::span<const double> values) const {
  const auto d = static_cast<std::size_t>(state_->d);
  expect_points(points, values.size(), state_->d);
  for (const double value : values) PARSIMONY_EXPECTS(std::isfinite(value));
  auto state = std::make_unique<State>(*state_);
  for (std::size_t i = 0; i < values.size(); ++i) state->append(points.subspan(i * d, d), values[i]);
  state->weigh();
  return GaussianProcess(std::move(state));
}

GaussianProcess GaussianProcess::believing(std::span<const double> points) const {
  std::vector<double> mean(points.size() / static_cast<std::size_t>(state_->d));
  posterior(points, mean, {});
  return extended(points, mean);
}

GaussianProcess GaussianProcess::with_noise(double least) const {
  auto state = std::make_unique<State>(*state_);
  if (state->noise < least) {
    state->hyperparameters.noise = state->noise = least;
    state->factor();
  }
  return GaussianProcess(std::move(state));
}

int GaussianProcess::dimensions() const {
  return state_->d;
}
const Hyperparameters& GaussianProcess::hyperparameters() const {
  return state_->hyperparameters;
}
Kernel GaussianProcess::kernel() const {
  return state_->kernel;
}
Standardisation GaussianProcess::standardisation() const {
  return state_->scale;
}

PosteriorTables GaussianProcess::tables() const {
  const Tables<float>& held = state_->fast;
  const auto copy = [](const auto& matrix) {
    return std::vector<float>(matrix.data(), matrix.data() + matrix.size());
  };
  PosteriorTables tables;
  tables.d = state_->d;
  tables.kernel = state_->kernel;
  for (int k = 0; k < tables.d; ++k) {
    tables.choices.push_back(state_->features.choices_of(k));
    tables.ratios.push_back(state_->features.ratio_of(k));
  }
  tables.factors = copy(held.factors);
  tables.columns = copy(held.columns);
  tables.weights = copy(held.weights);
  tables.inverse_root = copy(Matrix<float>(held.inverse_root.transpose()));
  tables.mean = held.mean;
  tables.output_scale = held.output_scale;
  tables.scale = state_->scale;
  return tables;
}

void GaussianProcess::posterior(std::span<const double> points, std::span<double> mean,
                                std::span<double> variance) const {
  PARSIMONY_EXPECTS(points.size() == mean.size() * static_cast<std::size_t>(state_->d));
  PARSIMONY_EXPECTS(variance.empty() || variance.size() == mean.size());
  state_->posterior<double>(state_->exact, points, mean, variance);
  const Standardisation& scale = state_->scale;
  for (double& value : mean) value = scale.mean + scale.deviation * value;
  for (double& value : variance) value *= scale.deviation * scale.deviation;
}

void GaussianProcess::posterior_fast(std::span<const float> points, std::span<float> mean,
                                     std::span<float> deviation) const {
  PARSIMONY_EXPECTS(points.size() == mean.size() * static_cast<std::size_t>(state_->d));
  PARSIMONY_EXPECTS(deviation.size() == mean.size());
  state_->posterior<float>(state_->fast, points, mean, deviation);
  const auto centre = static_cast<float>(state_->scale.mean),
             factor = static_cast<float>(state_->scale.deviation);
  for (float& value : mean) value = centre + factor * value;
  for (float& value : deviation) value = factor * std::sqrt(value);
}

GaussianProcess::Moments GaussianProcess::moments_with_gradient(std::span<const double> point,
                                                                std::span<double> mean_gradient,
                                                                std::span<double> deviation_gradient) const {
  PARSIMONY_EXPECTS(static_cast<int>(point.size()) == state_->d);
  PARSIMONY_EXPECTS(mean_gradient.size() == point.size() && deviation_gradient.size() == point.size());
  const Tables<double>& tables = state_->exact;
  const Matrix<double> column = scaled_columns<double, double>(point, state_->features, tables.factors);
  Matrix<double> slope, correlation;
  squared_distances(tables.columns, tables.norms, column, slope);
  correlation.resize(slope.rows(), 1);
  correlate_with_slope(state_->kernel, slope, correlation);
  const auto root = tables.inverse_root.triangularView<Eigen::Lower>();
  const Vector<double> explained = root * correlation.col(0);
  const Vector<double> solved = tables.inverse_root.transpose().triangularView<Eigen::Upper>() * explained;

  const Standardisation& scale = state_->scale;
  const double variance = std::max(0.0, tables.output_scale - explained.squaredNorm());
  const double deviation = std::sqrt(variance);
  const Moments moments{scale.mean + scale.deviation * (tables.mean + tables.weights.dot(correlation.col(0))),
                        scale.deviation * deviation};
  // ∂r²/∂x of feature f is 2·factor·(difference); the variance falls by 2·solved for each correlation.
  const Vector<double> by_mean = slope.col(0).cwiseProduct(tables.weights);
  const Vector<double> by_variance = -2.0 * slope.col(0).cwiseProduct(solved);
  const double sum_mean = by_mean.sum(), sum_variance = by_variance.sum();
  const Vector<double> mean_products = tables.columns * by_mean,
                       variance_products = tables.columns * by_variance;
  std::fill(mean_gradient.begin(), mean_gradient.end(), 0.0);
  std::fill(deviation_gradient.begin(), deviation_gradient.end(), 0.0);
  for (Eigen::Index f = 0; f < column.rows(); ++f) {
    const int k = state_->features.owner(f);
    if (state_->features.choices_of(k) > 0) continue;
    const double factor = 2.0 * scale.deviation * tables.factors(f) *
                          state_->features.slope(k, point[static_cast<std::size_t>(k)]),
                 z = column(f, 0);
    mean_gradient[static_cast<std::size_t>(k)] = factor * (z * sum_mean - mean_products(f));
    if (deviation > 0.0)
      deviation_gradient[static_cast<std::size_t>(k)] =
          factor * (z * sum_variance - variance_products(f)) / (2.0 * deviation);
  }
  return moments;
}

std::vector<double> GaussianProcess::draws(std::span<const double> points,
                                           std::span<const double> normals) const {
  const Tables<double>& tables = state_->exact;
  const auto n = static_cast<Eigen::Index>(points.size()) / state_->d;
  PARSIMONY_EXPECTS(n > 0 && normals.size() % static_cast<std::size_t>(n) == 0);
  const auto s = static_cast<Eigen::Index>(normals.size()) / n;
  const Matrix<double> columns = scaled_columns<double, double>(points, state_->features, tables.factors);
  const Vector<double> norms = columns.colwise().squaredNorm().transpose();
  Matrix<double> with_observed, covariance;
  squared_distances(tables.columns, tables.norms, columns, with_observed);
  correlate_in_place(state_->kernel, with_observed);
  squared_distances(columns, norms, columns, covariance);
  covariance.diagonal().setZero();
  correlate_in_place(state_->kernel, covariance);
  const Vector<double> mean = ((with_observed.transpose() * tables.weights).array() + tables.mean).matrix();
  with_observed = tables.inverse_root.triangularView<Eigen::Lower>() * with_observed;
  covariance *= tables.output_scale;
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(with_observed.transpose(), -1.0);
  double jitter = 1e-10 * tables.output_scale;
  const Matrix<double> root = factorise(covariance.selfadjointView<Eigen::Lower>(), jitter);
  const Eigen::Map<const Matrix<double>> z(normals.data(), n, s);
  std::vector<double> values(normals.size());
  Eigen::Map<Matrix<double>> drawn(values.data(), n, s);
  drawn.noalias() = root.triangularView<Eigen::Lower>() * z;
  drawn.colwise() += mean;
  drawn = (state_->scale.mean + state_->scale.deviation * drawn.array()).matrix();
  return values;
}

}  // namespace parsimony::surrogate
