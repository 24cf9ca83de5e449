#include "parsimony/surrogate/gaussian_process.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/surrogate/matern.hpp"

namespace parsimony::surrogate {
namespace {

/// What a posterior needs, at one precision.
template <class Real>
struct Tables {
  Vector<Real> lengthscales;  // [d]
  Matrix<Real> columns;       // scaled observed points, [d, n]
  Vector<Real> norms;         // their squared norms, [n]
  Vector<Real> weights;       // K⁻¹(y − mean), times the output scale, [n]
  Matrix<Real> inverse_root;  // L⁻¹ with LLᵀ = K, lower, times the output scale, [n, n]
  Real mean = 0, output_scale = 1;
};

/// Lower factor of covariance + noise, the noise raised tenfold until there is one.
Eigen::LLT<Matrix<double>> factorise(const Matrix<double>& covariance, double noise) {
  while (true) {
    Matrix<double> noisy = covariance;
    noisy.diagonal().array() += noise;
    Eigen::LLT<Matrix<double>> cholesky(noisy);
    if (cholesky.info() == Eigen::Success && cholesky.matrixLLT().allFinite()) return cholesky;
    PARSIMONY_ENSURES(noise < 1e6);  // the covariance is finite, so a factor exists long before
    noise *= 10.0;
  }
}

/// On the standardised scale; `variance` may be empty.
template <class Real>
void standardised_posterior(const Tables<Real>& tables, std::span<const Real> points,
                            Eigen::Map<Vector<Real>> mean, Eigen::Map<Vector<Real>> variance) {
  const Matrix<Real> columns = scaled_columns<Real, Real>(points, tables.lengthscales);
  Matrix<Real> kernel;
  squared_distances(tables.columns, tables.norms, columns, kernel);
  matern_in_place(kernel);
  mean.noalias() = kernel.transpose() * tables.weights;
  mean.array() += tables.mean;
  if (variance.size() == 0) return;
  Matrix<Real> explained(kernel.rows(), kernel.cols());
  explained.noalias() = tables.inverse_root.template triangularView<Eigen::Lower>() * kernel;
  variance =
      (tables.output_scale - explained.colwise().squaredNorm().array()).max(Real(0)).matrix().transpose();
}

}  // namespace

struct GaussianProcess::State {
  Observations observations;
  Hyperparameters hyperparameters;
  Standardisation scale;
  Tables<double> exact;
  Tables<float> fast;

  void condition();
};

void GaussianProcess::State::condition() {
  const auto n = static_cast<Eigen::Index>(observations.values.size());
  exact.lengthscales = Eigen::Map<const Vector<double>>(hyperparameters.lengthscales.data(), observations.d);
  exact.columns = scaled_columns<double, double>(observations.points, exact.lengthscales);
  exact.norms = exact.columns.colwise().squaredNorm().transpose();
  exact.output_scale = hyperparameters.output_scale;
  Matrix<double> covariance;
  squared_distances(exact.columns, exact.norms, exact.columns, covariance);
  covariance.diagonal().setZero();
  matern_in_place(covariance);
  covariance *= exact.output_scale;
  const Eigen::LLT<Matrix<double>> cholesky = factorise(covariance, hyperparameters.noise);

  const Eigen::Map<const Vector<double>> values(observations.values.data(), n);
  const Vector<double> outcomes = ((values.array() - scale.mean) / scale.deviation).matrix();
  const Vector<double> of_ones = cholesky.solve(Vector<double>::Ones(n));
  const Vector<double> of_outcomes = cholesky.solve(outcomes);
  exact.mean = of_outcomes.sum() / of_ones.sum();
  exact.weights = exact.output_scale * (of_outcomes - exact.mean * of_ones);
  exact.inverse_root = Matrix<double>::Identity(n, n);
  cholesky.matrixL().solveInPlace(exact.inverse_root);
  exact.inverse_root *= exact.output_scale;

  fast = {
      exact.lengthscales.cast<float>(),      exact.columns.cast<float>(),      exact.norms.cast<float>(),
      exact.weights.cast<float>(),           exact.inverse_root.cast<float>(), static_cast<float>(exact.mean),
      static_cast<float>(exact.output_scale)};
}

GaussianProcess::GaussianProcess(const Observations& observations, const Hyperparameters& hyperparameters)
    : state_(std::make_unique<State>()) {
  PARSIMONY_EXPECTS(observations.d >= 1 && !observations.values.empty());
  PARSIMONY_EXPECTS(observations.points.size() ==
                    observations.values.size() * static_cast<std::size_t>(observations.d));
  PARSIMONY_EXPECTS(static_cast<int>(hyperparameters.lengthscales.size()) == observations.d);
  state_->observations = observations;
  state_->hyperparameters = hyperparameters;
  state_->scale = standardisation_of(observations.values);
  state_->condition();
}

GaussianProcess::GaussianProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

GaussianProcess GaussianProcess::believing(std::span<const double> points) const {
  auto state = std::make_unique<State>(*state_);  // the scale stays the real observations' own
  std::vector<double> mean(points.size() / static_cast<std::size_t>(state->observations.d));
  posterior(points, mean, {});
  state->observations.points.insert(state->observations.points.end(), points.begin(), points.end());
  state->observations.values.insert(state->observations.values.end(), mean.begin(), mean.end());
  state->condition();
  return GaussianProcess(std::move(state));
}

const Hyperparameters& GaussianProcess::hyperparameters() const {
  return state_->hyperparameters;
}
Standardisation GaussianProcess::standardisation() const {
  return state_->scale;
}

void GaussianProcess::posterior(std::span<const double> points, std::span<double> mean,
                                std::span<double> variance) const {
  PARSIMONY_EXPECTS(points.size() == mean.size() * static_cast<std::size_t>(state_->observations.d));
  PARSIMONY_EXPECTS(variance.empty() || variance.size() == mean.size());
  standardised_posterior<double>(state_->exact, points, {mean.data(), static_cast<Eigen::Index>(mean.size())},
                                 {variance.data(), static_cast<Eigen::Index>(variance.size())});
  const Standardisation& scale = state_->scale;
  for (double& value : mean) value = scale.mean + scale.deviation * value;
  for (double& value : variance) value *= scale.deviation * scale.deviation;
}

void GaussianProcess::posterior_fast(std::span<const float> points, std::span<float> mean,
                                     std::span<float> deviation) const {
  PARSIMONY_EXPECTS(points.size() == mean.size() * static_cast<std::size_t>(state_->observations.d));
  PARSIMONY_EXPECTS(deviation.size() == mean.size());
  standardised_posterior<float>(state_->fast, points, {mean.data(), static_cast<Eigen::Index>(mean.size())},
                                {deviation.data(), static_cast<Eigen::Index>(deviation.size())});
  const auto centre = static_cast<float>(state_->scale.mean),
             factor = static_cast<float>(state_->scale.deviation);
  for (float& value : mean) value = centre + factor * value;
  for (float& value : deviation) value = factor * std::sqrt(value);
}

}  // namespace parsimony::surrogate
