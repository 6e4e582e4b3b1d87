#include "core/nn/legacy_checkpoint.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cstring>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/nn/unpickler.h"

namespace signet::nn {
namespace {

using PickleKind = PickleValue::Kind;

constexpr std::uint64_t kMaxCheckpointBytes = 1ull << 30;
/// Of 0x1950a86a20f9469cfc6c, by which the form is known, the lower eight bytes.
constexpr std::int64_t kFileMark = static_cast<std::int64_t>(0xa86a20f9469cfc6cull);
constexpr std::int64_t kFileVersion = 1001;

[[noreturn]] void unsoundFile(const std::string& what) {
    throw Error(ErrorCode::Corrupt, "this is not a checkpoint in PyTorch's legacy form: " + what);
}

/// The item of a list, of the kind that is needed.
const PickleValue& itemOf(const PickleValue& value, std::size_t at, PickleKind kind) {
    if (at >= value.list().size() || value.list()[at].kind != kind) unsoundFile("a tensor is not described");
    return value.list()[at];
}

std::vector<std::int64_t> numbersOf(const PickleValue& value) {
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < value.list().size(); ++i)
        numbers.push_back(itemOf(value, i, PickleKind::Number).number);
    if (numbers.size() > 8) unsoundFile("a tensor has too many dimensions");
    return numbers;
}

/// Description of a storage: ("storage", type, key, place, elements, view).
struct StoragePlan {
    torch::ScalarType type;
    std::string key;
    std::int64_t elements;
};

StoragePlan planOf(const PickleValue& storage) {
    const std::string& type = itemOf(storage, 1, PickleKind::Name).text;
    if (type != "torch FloatStorage" && type != "torch LongStorage")
        unsoundFile("it has a storage of " + type);
    return {type == "torch FloatStorage" ? torch::kFloat32 : torch::kInt64,
            itemOf(storage, 2, PickleKind::Text).text, itemOf(storage, 4, PickleKind::Number).number};
}

/// The storages in the order of their keys, as one-dimensional tensors.
TensorMap readStorages(const PickleValue& keys, const std::map<std::string, StoragePlan>& plans,
                       std::span<const std::uint8_t> bytes) {
    TensorMap storages;
    for (std::size_t i = 0; i < keys.list().size(); ++i) {
        const auto plan = plans.find(itemOf(keys, i, PickleKind::Text).text);
        if (plan == plans.end()) unsoundFile("a storage that no tensor has");
        std::int64_t elements = 0;
        if (bytes.size() < sizeof elements) unsoundFile("it ends early");
        std::memcpy(&elements, bytes.data(), sizeof elements);
        bytes = bytes.subspan(sizeof elements);
        const auto size = static_cast<std::int64_t>(c10::elementSize(plan->second.type));
        if (elements != plan->second.elements || elements < 0 ||
            elements > static_cast<std::int64_t>(bytes.size()) / size)
            unsoundFile("a storage of another length than is said");
        auto storage = torch::empty({elements}, plan->second.type);
        const auto length = static_cast<std::size_t>(elements * size);
        if (length > 0) std::memcpy(storage.data_ptr(), bytes.data(), length);
        bytes = bytes.subspan(length);
        storages[plan->first] = storage;
    }
    return storages;
}

torch::Tensor tensorOf(const PickleValue& description, const TensorMap& storages) {
    const auto plan = planOf(itemOf(description, 0, PickleKind::Storage));
    const auto storage = storages.find(plan.key);
    if (storage == storages.end()) unsoundFile("a storage is missing");
    const auto offset = itemOf(description, 1, PickleKind::Number).number;
    const auto sizes = numbersOf(itemOf(description, 2, PickleKind::Sequence));
    const auto strides = numbersOf(itemOf(description, 3, PickleKind::Sequence));
    std::int64_t last = offset;
    if (sizes.size() != strides.size() || offset < 0) unsoundFile("a tensor is not described");
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i] < 1 || strides[i] < 0 || sizes[i] > plan.elements || strides[i] > plan.elements)
            unsoundFile("a tensor is larger than its storage");
        last += (sizes[i] - 1) * strides[i];
    }
    if (last >= plan.elements) unsoundFile("a tensor is larger than its storage");
    return storage->second.as_strided(sizes, strides, offset).contiguous().clone();
}

}  // namespace

TensorMap loadLegacyCheckpoint(const std::filesystem::path& path, const std::string& expectedSha256) {
    const Bytes bytes = readFile(path, kMaxCheckpointBytes);
    if (!expectedSha256.empty() && sha256Hex(bytes) != expectedSha256)
        throw Error(ErrorCode::HashMismatch, fmt::format("{} is not the file it should be", path.string()));
    Unpickler pickles(bytes);
    if (pickles.next().number != kFileMark) unsoundFile("it does not begin as one");
    if (pickles.next().number != kFileVersion) unsoundFile("it is of another version");
    pickles.next();  // byte order and sizes of the machine that wrote it: always the same
    const PickleValue dictionary = pickles.next();
    const PickleValue keys = pickles.next();
    if (dictionary.kind != PickleKind::Dictionary) unsoundFile("it holds no state dict");
    std::map<std::string, StoragePlan> plans;
    for (std::size_t i = 0; i < dictionary.list().size(); i += 2) {
        const auto plan =
            planOf(itemOf(itemOf(dictionary, i + 1, PickleKind::Tensor), 0, PickleKind::Storage));
        plans.emplace(plan.key, plan);
    }
    const TensorMap storages = readStorages(keys, plans, pickles.rest());
    TensorMap tensors;
    for (std::size_t i = 0; i < dictionary.list().size(); i += 2)
        tensors[itemOf(dictionary, i, PickleKind::Text).text] =
            tensorOf(itemOf(dictionary, i + 1, PickleKind::Tensor), storages);
    return tensors;
}

}  // namespace signet::nn
