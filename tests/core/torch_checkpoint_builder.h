#pragma once

#include <torch/types.h>

#include <QByteArray>
#include <map>
#include <string>

namespace signet::test {

/// Checkpoints as torch.save writes them, made by hand.
QByteArray pickledText(const char* word);
QByteArray pickled(const QByteArray& body);  ///< with the protocol's number and an end

/// Mark, version and system, as every file of the form before PyTorch 1.6 begins.
QByteArray legacyBeginning();
/// A tensor "w" of 2 x 3 in the storage "7", of the strides given; the storage, 0 1 2 ..., with a length
/// said.
QByteArray legacyObject(int rowStride, int columnStride);
QByteArray legacyStorages(std::int64_t elements);

/// {part: {name: tensor}}, without a part {name: tensor}, in the form since PyTorch 1.6: a zip file with an
/// entry for each storage.
QByteArray zippedCheckpoint(const std::string& part, const std::map<std::string, torch::Tensor>& tensors);
/// A zip file of these entries, as they are.
QByteArray zipped(const std::map<std::string, QByteArray>& entries);

}  // namespace signet::test
