#include "parsimony/surrogate/marginal_likelihood.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "parsimony/base/contracts.hpp"
#include "parsimony/surrogate/kernel.hpp"
#include "parsimony/surrogate/lower_inverse.hpp"

namespace parsimony::surrogate {

namespace {

/// K = output scale · correlation + noise · 1, factorised, and what its gradient needs; kept between
/// evaluations, so that their matrices are allocated once.
struct Workspace {
  Matrix<double> columns;      // scaled points, [features, n]
  Vector<double> norms;        // their squared norms, [n]
  Matrix<double> slope;        // r², then the correlation's derivative by it, [n, n]
  Matrix<double> correlation;  // [n, n]
  Matrix<double> covariance;   // [n, n]
  Eigen::LLT<Matrix<double>> cholesky;
  Vector<double> weights;    // K⁻¹(y − mean), [n]
  Matrix<double> inner;      // L⁻¹, [n, n]
  Matrix<double> by_kernel;  // ∂/∂K, twice: ααᵀ − K⁻¹, [n, n]
  Matrix<double> products;   // [features, n]
};

bool factorise(const Observations& observations, const Features& features, Kernel kernel,
               const Vector<double>& outcomes, const Hyperparameters& at, Workspace& work) {
  work.columns = scaled_columns<double, double>(observations.points, features,
                                                factors_of<double>(features, kernel, at.lengthscales));
  work.norms = work.columns.colwise().squaredNorm().transpose();
  squared_distances(work.columns, work.norms, work.columns, work.slope);
  work.slope.diagonal().setZero();
  work.correlation.resize(work.slope.rows(), work.slope.cols());
  correlate_with_slope(kernel, work.slope, work.correlation);
  work.covariance = at.output_scale * work.correlation;
  work.covariance.diagonal().array() += at.noise;
  work.cholesky.compute(work.covariance);
  if (work.cholesky.info() != Eigen::Success) return false;
  const Vector<double> of_ones = work.cholesky.solve(Vector<double>::Ones(outcomes.size()));
  const Vector<double> of_outcomes = work.cholesky.solve(outcomes);
  work.weights = of_outcomes - (of_outcomes.sum() / of_ones.sum()) * of_ones;
  return work.weights.allFinite();
}

/// Of −½ yᵀK⁻¹y − ½ log|K| by the lengthscales, the noise and the output scale: [d + 2].
Vector<double> likelihood_gradient(Workspace& work, const Features& features, const Hyperparameters& at) {
  const Eigen::Index n = work.weights.size(), d = features.dimensions();
  work.inner = work.cholesky.matrixL();
  invert_lower(work.inner);
  multiply_by_transpose(work.inner, work.by_kernel);
  for (Eigen::Index j = 0; j < n; ++j)
    work.by_kernel.col(j).tail(n - j) =
        work.weights(j) * work.weights.tail(n - j) - work.by_kernel.col(j).tail(n - j);
  work.by_kernel.triangularView<Eigen::StrictlyUpper>() = work.by_kernel.transpose();

  Vector<double> gradient = Vector<double>::Zero(d + 2);
  gradient(d) = 0.5 * work.by_kernel.trace();
  gradient(d + 1) = 0.5 * work.by_kernel.cwiseProduct(work.correlation).sum();
  // r² of one feature falls by 2(difference)²/lengthscale; ½·by_kernel·scale·slope is what each r² is worth.
  work.by_kernel = (-at.output_scale * work.by_kernel.array() * work.slope.array()).matrix();
  const Vector<double> row_sums = work.by_kernel.rowwise().sum();
  work.products.noalias() = work.columns * work.by_kernel;
  for (Eigen::Index f = 0; f < work.columns.rows(); ++f) {
    const auto z = work.columns.row(f);
    const double sum =
        2.0 * (z.array().square() * row_sums.transpose().array()).sum() - 2.0 * z.dot(work.products.row(f));
    const int owner = features.owner(f);
    gradient(owner) += sum / at.lengthscales[static_cast<std::size_t>(owner)];
  }
  return gradient;
}

}  // namespace

struct MarginalLikelihood::State {
  State(const Observations& given, const ModelForm& wanted)
      : observations(given), form(wanted), features(given), priors(given.d), pooled(given.d) {}

  Observations observations;
  ModelForm form;
  Features features;
  Vector<double> outcomes;  // standardised
  Priors priors;
  PooledLengthscales pooled;
  Workspace work;
};

MarginalLikelihood::MarginalLikelihood(const Observations& observations, const ModelForm& form)
    : state_(std::make_unique<State>(observations, form)) {
  expect_valid(observations);
  const Standardisation scale = standardisation_of(observations.values);
  state_->outcomes.resize(static_cast<Eigen::Index>(observations.values.size()));
  for (std::size_t i = 0; i < observations.values.size(); ++i)
    state_->outcomes(static_cast<Eigen::Index>(i)) = (observations.values[i] - scale.mean) / scale.deviation;
}

MarginalLikelihood::~MarginalLikelihood() = default;
MarginalLikelihood::MarginalLikelihood(MarginalLikelihood&&) noexcept = default;

int MarginalLikelihood::coordinates() const {
  return state_->observations.d + 1 + (state_->form.output_scale ? 1 : 0) + (state_->form.pooled ? 1 : 0);
}

std::vector<double> MarginalLikelihood::coordinates_of(const Hyperparameters& hyperparameters) const {
  PARSIMONY_EXPECTS(static_cast<int>(hyperparameters.lengthscales.size()) == state_->observations.d);
  // A value at its floor would lie at −infinity: take one a little above.
  const auto above = [](double value, double floor) {
    return std::log(std::max(value - floor, 1e-3 * floor));
  };
  std::vector<double> coordinates;
  for (const double lengthscale : hyperparameters.lengthscales)
    coordinates.push_back(above(lengthscale, kLeastLengthscale));
  coordinates.push_back(above(hyperparameters.noise, state_->form.least_noise));
  if (state_->form.output_scale) coordinates.push_back(std::log(hyperparameters.output_scale));
  if (state_->form.pooled) coordinates.push_back(PooledLengthscales::centre_of(hyperparameters.lengthscales));
  return coordinates;
}

Hyperparameters MarginalLikelihood::hyperparameters_at(std::span<const double> coordinates) const {
  const auto d = static_cast<std::size_t>(state_->observations.d);
  PARSIMONY_EXPECTS(static_cast<int>(coordinates.size()) == this->coordinates());
  Hyperparameters result;
  for (std::size_t k = 0; k < d; ++k)
    result.lengthscales.push_back(kLeastLengthscale + std::exp(coordinates[k]));
  result.noise = state_->form.least_noise + std::exp(coordinates[d]);
  if (state_->form.output_scale) result.output_scale = std::exp(coordinates[d + 1]);
  return result;
}

double MarginalLikelihood::value(std::span<const double> coordinates, std::span<double> gradient) {
  const auto d = static_cast<std::size_t>(state_->observations.d);
  PARSIMONY_EXPECTS(gradient.empty() || static_cast<int>(gradient.size()) == this->coordinates());
  const Hyperparameters at = hyperparameters_at(coordinates);
  const ModelForm& form = state_->form;
  Workspace& work = state_->work;
  if (!factorise(state_->observations, state_->features, form.kernel, state_->outcomes, at, work))
    return -std::numeric_limits<double>::infinity();

  double value = -0.5 * state_->outcomes.dot(work.weights) -
                 work.cholesky.matrixLLT().diagonal().array().log().sum() -
                 0.5 * static_cast<double>(state_->outcomes.size()) * std::log(2.0 * std::numbers::pi);
  const Priors& priors = state_->priors;
  const PooledLengthscales& pooled = state_->pooled;
  const double centre = form.pooled ? coordinates.back() : 0.0;
  if (form.pooled)
    value += pooled.log_density(at.lengthscales, centre);
  else
    for (const double lengthscale : at.lengthscales) value += priors.lengthscale.log_density(lengthscale);
  value += form.noise.log_density(at.noise);
  if (form.output_scale) value += priors.output_scale.log_density(at.output_scale);
  if (!std::isfinite(value)) return -std::numeric_limits<double>::infinity();
  if (gradient.empty()) return value;

  const Vector<double> by_value = likelihood_gradient(work, state_->features, at);
  for (std::size_t k = 0; k < d; ++k) {
    const double lengthscale = at.lengthscales[k];
    const double by_prior = form.pooled ? pooled.slope(lengthscale, centre) / lengthscale
                                        : priors.lengthscale.log_density_gradient(lengthscale);
    gradient[k] = (by_value(static_cast<Eigen::Index>(k)) + by_prior) * (lengthscale - kLeastLengthscale);
  }
  gradient[d] = (by_value(static_cast<Eigen::Index>(d)) + form.noise.log_density_gradient(at.noise)) *
                (at.noise - form.least_noise);
  if (form.output_scale)
    gradient[d + 1] = (by_value(static_cast<Eigen::Index>(d + 1)) +
                       priors.output_scale.log_density_gradient(at.output_scale)) *
                      at.output_scale;
  if (form.pooled) gradient.back() = pooled.centre_slope(at.lengthscales, centre);
  return value;
}

}  // namespace parsimony::surrogate
