// real_dense.cpp — a layer of real numbers, in one order of sums.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "transom/base/precondition.hpp"
#include "transom/vae/real/real_model.hpp"

namespace transom::vae {

RealDense::RealDense(const RealLayer& layer) : bias_(layer.bias), weights_(layer.weights.size()) {
  const std::size_t n_rows = layer.rows(), n_columns = layer.columns();
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t j = 0; j < n_columns; ++j) {
      weights_[j * n_rows + i] = layer.weights[i * n_columns + j];
    }
  }
}

void RealDense::apply(std::span<const double> x, std::span<double> y) const {
  require_range("RealDense::apply", "number of inputs", x.size(), columns(), columns());
  require_range("RealDense::apply", "number of outputs", y.size(), rows(), SIZE_MAX);
  std::copy(bias_.begin(), bias_.end(), y.begin());
  const double* w = weights_.data();
  for (const double in : x) {
    for (std::size_t i = 0; i < bias_.size(); ++i) y[i] += w[i] * in;
    w += bias_.size();
  }
}

}  // namespace transom::vae
