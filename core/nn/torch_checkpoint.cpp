#include "core/nn/torch_checkpoint.h"

#include <fmt/format.h>
#include <torch/torch.h>
#include <zip.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <set>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/nn/unpickler.h"

namespace signet::nn {
namespace {

using PickleKind = PickleValue::Kind;

/// Of 0x1950a86a20f9469cfc6c, by which the form before PyTorch 1.6 is known, the lower eight bytes.
constexpr std::int64_t kLegacyMark = static_cast<std::int64_t>(0xa86a20f9469cfc6cull);
constexpr std::int64_t kLegacyVersion = 1001;
constexpr std::string_view kZipMark = "PK\x03\x04", kPickleMark = "\x80\x02";
constexpr int kMostDimensions = 8, kDeepest = 8;

[[noreturn]] void unsoundFile(const std::string& what) {
    throw Error(ErrorCode::Corrupt, "this is not a sound PyTorch checkpoint: " + what);
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
    if (numbers.size() > kMostDimensions) unsoundFile("a tensor has too many dimensions");
    return numbers;
}

/// Description of a storage: ("storage", type, key, place, elements), in the older form also a view.
struct StoragePlan {
    torch::ScalarType type;
    std::string key;
    std::int64_t elements;

    std::int64_t bytes() const { return elements * static_cast<std::int64_t>(c10::elementSize(type)); }
};

StoragePlan planOf(const PickleValue& storage) {
    static const std::map<std::string, torch::ScalarType> kTypes{
        {"torch FloatStorage", torch::kFloat32},     {"torch LongStorage", torch::kInt64},
        {"torch IntStorage", torch::kInt32},         {"torch HalfStorage", torch::kFloat16},
        {"torch BFloat16Storage", torch::kBFloat16}, {"torch DoubleStorage", torch::kFloat64},
        {"torch ShortStorage", torch::kInt16},       {"torch ByteStorage", torch::kUInt8},
        {"torch BoolStorage", torch::kBool}};
    const std::string& type = itemOf(storage, 1, PickleKind::Name).text;
    const auto known = kTypes.find(type);
    if (known == kTypes.end()) unsoundFile("it has a storage of " + type);
    StoragePlan plan{known->second, itemOf(storage, 2, PickleKind::Text).text,
                     itemOf(storage, 4, PickleKind::Number).number};
    if (plan.elements < 0 || plan.elements > static_cast<std::int64_t>(kMaxCheckpointBytes))
        unsoundFile("a storage of an impossible length");
    return plan;
}

/// Calls what for every tensor of the dictionary, those of dictionaries in it too.
void eachTensor(const PickleValue& dictionary, const std::string& prefix,
                const std::function<void(const std::string&, const PickleValue&)>& what, int depth = 0) {
    if (depth > kDeepest) unsoundFile("its dictionaries are nested too deep");
    for (std::size_t i = 0; i < dictionary.list().size(); i += 2) {
        const PickleValue &key = dictionary.list()[i], &value = dictionary.list()[i + 1];
        const std::string name =
            prefix + (key.kind == PickleKind::Text ? key.text : std::to_string(key.number));
        if (value.kind == PickleKind::Tensor)
            what(name, value);
        else if (value.kind == PickleKind::Dictionary)
            eachTensor(value, name + "/", what, depth + 1);
    }
}

std::map<std::string, StoragePlan> plansOf(const PickleValue& object) {
    if (object.kind != PickleKind::Dictionary) unsoundFile("it holds no state dict");
    std::map<std::string, StoragePlan> plans;
    eachTensor(object, "", [&](const std::string&, const PickleValue& tensor) {
        const auto plan = planOf(itemOf(tensor, 0, PickleKind::Storage));
        plans.emplace(plan.key, plan);
    });
    return plans;
}

torch::Tensor emptyStorage(const StoragePlan& plan) {
    return torch::empty({plan.elements}, plan.type);
}

/// The storages in the order of their keys, as one-dimensional tensors.
TensorMap legacyStorages(const PickleValue& keys, const std::map<std::string, StoragePlan>& plans,
                         std::span<const std::uint8_t> bytes) {
    TensorMap storages;
    for (std::size_t i = 0; i < keys.list().size(); ++i) {
        const auto plan = plans.find(itemOf(keys, i, PickleKind::Text).text);
        if (plan == plans.end()) unsoundFile("a storage that no tensor has");
        std::int64_t elements = 0;
        if (bytes.size() < sizeof elements) unsoundFile("it ends early");
        std::memcpy(&elements, bytes.data(), sizeof elements);
        bytes = bytes.subspan(sizeof elements);
        const auto length = static_cast<std::size_t>(plan->second.bytes());
        if (elements != plan->second.elements || length > bytes.size())
            unsoundFile("a storage of another length than is said");
        auto storage = emptyStorage(plan->second);
        if (length > 0) std::memcpy(storage.data_ptr(), bytes.data(), length);
        bytes = bytes.subspan(length);
        storages[plan->first] = storage;
    }
    return storages;
}

torch::Tensor tensorOf(const PickleValue& description, const TensorMap& storages) {
    const auto plan = planOf(itemOf(description, 0, PickleKind::Storage));
    const auto storage = storages.find(plan.key);
    if (storage == storages.end() || storage->second.numel() != plan.elements ||
        storage->second.scalar_type() != plan.type)
        unsoundFile("a storage is missing");
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
    const auto values = storage->second.as_strided(sizes, strides, offset).contiguous().clone();
    return values.to(values.is_floating_point() ? torch::kFloat32 : torch::kInt64);
}

TensorMap tensorsOf(const PickleValue& object, const TensorMap& storages) {
    TensorMap tensors;
    std::int64_t values = 0;
    eachTensor(object, "", [&](const std::string& name, const PickleValue& description) {
        auto tensor = tensorOf(description, storages);
        values += tensor.numel();  // many may lie on one storage
        if (values > static_cast<std::int64_t>(kMaxCheckpointBytes / 4))
            throw Error(ErrorCode::TooLarge, "a checkpoint's tensors have more than 8 GiB");
        tensors[name] = std::move(tensor);
    });
    return tensors;
}

TensorMap readLegacy(std::span<const std::uint8_t> bytes) {
    Unpickler pickles(bytes);
    if (pickles.next().number != kLegacyMark) unsoundFile("it does not begin as one");
    if (pickles.next().number != kLegacyVersion) unsoundFile("it is of another version");
    pickles.next();  // byte order and sizes of the machine that wrote it: always the same
    const PickleValue object = pickles.next();
    const PickleValue keys = pickles.next();
    return tensorsOf(object, legacyStorages(keys, plansOf(object), pickles.rest()));
}

/// A zip file in memory, read only.
class Archive {
public:
    explicit Archive(std::span<const std::uint8_t> bytes) {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
        m_zip.reset(source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
        if (!m_zip && source) zip_source_free(source);
        zip_error_fini(&error);
        if (!m_zip) unsoundFile("its zip directory cannot be read; the file may be cut short");
    }

    std::string nameEndingWith(std::string_view end) const {
        for (zip_int64_t i = 0; i < zip_get_num_entries(m_zip.get(), 0); ++i) {
            const char* name = zip_get_name(m_zip.get(), static_cast<zip_uint64_t>(i), 0);
            if (name && std::string_view(name).ends_with(end)) return name;
        }
        unsoundFile(fmt::format("the zip file holds no {}; a TorchScript module or another archive", end));
    }

    std::uint64_t sizeOf(const std::string& name) const {
        zip_stat_t entry;
        zip_stat_init(&entry);
        if (zip_stat(m_zip.get(), name.c_str(), 0, &entry) != 0 || !(entry.valid & ZIP_STAT_SIZE))
            unsoundFile("it has no " + name);
        if (entry.size > kMaxCheckpointBytes)
            throw Error(ErrorCode::TooLarge, "a checkpoint's entry has more than 8 GiB");
        return entry.size;
    }

    void read(const std::string& name, void* to, std::uint64_t size) const {
        const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen(m_zip.get(), name.c_str(), 0),
                                                                     zip_fclose);
        // Asked for one byte more, libzip compares the entry's checksum.
        char beyond = 0;
        if (!file || zip_fread(file.get(), to, size) != static_cast<zip_int64_t>(size) ||
            zip_fread(file.get(), &beyond, 1) != 0)
            unsoundFile(name + " cannot be read");
    }

private:
    std::unique_ptr<zip_t, void (*)(zip_t*)> m_zip{nullptr, zip_discard};
};

TensorMap readZip(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kObject = "data.pkl";
    const Archive archive(bytes);
    const std::string object = archive.nameEndingWith(kObject);
    const std::string root = object.substr(0, object.size() - kObject.size());
    Bytes pickle(archive.sizeOf(object));
    archive.read(object, pickle.data(), pickle.size());
    const PickleValue value = Unpickler(pickle).next();

    TensorMap storages;
    std::uint64_t all = 0;
    for (const auto& [key, plan] : plansOf(value)) {
        const std::string name = fmt::format("{}data/{}", root, key);
        const auto size = archive.sizeOf(name);
        if (size != static_cast<std::uint64_t>(plan.bytes()))
            unsoundFile("a storage of another length than is said");
        if ((all += size) > kMaxCheckpointBytes)
            throw Error(ErrorCode::TooLarge, "a checkpoint unpacks to more than 8 GiB");
        auto storage = emptyStorage(plan);
        archive.read(name, storage.data_ptr(), size);
        storages[key] = storage;
    }
    return tensorsOf(value, storages);
}

/// What a file that is no checkpoint looks like.
[[noreturn]] void throwOtherFile(std::string_view text) {
    const auto begins = [&](std::string_view mark) { return text.starts_with(mark); };
    if (begins("version https://git-lfs"))
        unsoundFile("it is a Git LFS pointer; fetch the file itself (git lfs pull)");
    if (begins("<!") || begins("<html") || begins("<HTML") || begins("<?xml"))
        unsoundFile("it is a web page; the download gave its page instead of the file");
    if (text.empty()) unsoundFile("it is empty");
    unsoundFile("it begins neither as a zip file nor as a pickle");
}

}  // namespace

TensorMap parseTorchCheckpoint(std::span<const std::uint8_t> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with(kZipMark)) return readZip(bytes);
    if (text.starts_with(kPickleMark)) return readLegacy(bytes);
    throwOtherFile(text);
}

TensorMap loadTorchCheckpoint(const std::filesystem::path& path, const std::string& expectedSha256) {
    const Bytes bytes = readFile(path, kMaxCheckpointBytes);
    if (!expectedSha256.empty() && sha256Hex(bytes) != expectedSha256)
        throw Error(ErrorCode::HashMismatch, fmt::format("{} is not the file it should be", path.string()));
    return parseTorchCheckpoint(bytes);
}

}  // namespace signet::nn
