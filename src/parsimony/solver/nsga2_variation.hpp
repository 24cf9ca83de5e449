#pragma once

#include "parsimony/base/random.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/nsga2_options.hpp"
#include "parsimony/space/space.hpp"

namespace parsimony::solver {

/// One child of two parents: crossover with the options' probability (else the first parent's copy), then
/// mutation, then snapped.
/// - Floats and integers on the unit cube: simulated binary crossover of each coordinate with probability 1/2
///   (Deb and Agrawal 1995) and polynomial mutation (Deb and Goyal 1996), both in the form for bounded
///   variables, which never leaves the bounds. Of the two children of a crossover the first or the second is
///   taken by chance, coordinate by coordinate. A mutated integer that kept its value moves to the next one
///   in the mutation's direction.
/// - Categorical parameters: uniform crossover, and a mutation draws another choice.
/// @param a, b  [d] snapped
/// @return      [d] snapped
Point child_of(const space::Space& space, const Point& a, const Point& b, const Nsga2Options& options,
               RandomStream& stream);

}  // namespace parsimony::solver
