#pragma once

#include <filesystem>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// Reads MNIST's idx files from a folder: train-images-idx3-ubyte, train-labels-idx1-ubyte,
/// t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, as they are or with .gz. Values are 0 to 255, classes the
/// labels' numbers.
/// @throws InputError naming the file that is missing, no idx file of bytes, cut off, or of another count
DataSource read_idx(const std::filesystem::path& folder, const SourceOptions& options);

/// Reads CIFAR-10's binary version from a folder: data_batch_1.bin to data_batch_5.bin, test_batch.bin and,
/// for the classes' names, batches.meta.txt. Values are 0 to 255.
/// @throws InputError naming the file that is missing, is no whole number of records, or has a label over 9
DataSource read_cifar10(const std::filesystem::path& folder, const SourceOptions& options);

}  // namespace parsimony::data
