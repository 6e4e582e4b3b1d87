#include "core/nn/safetensors.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/json.h"

namespace signet::nn {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = 16ull << 20;
constexpr std::size_t kMaxDimensions = 8;
constexpr std::uint64_t kMaxExtent = 1ull << 40;

struct DtypeName {
    const char* name;
    torch::ScalarType type;
};
constexpr std::array<DtypeName, 10> kDtypes{{{"F32", torch::kFloat32},
                                             {"F64", torch::kFloat64},
                                             {"F16", torch::kFloat16},
                                             {"BF16", torch::kBFloat16},
                                             {"I64", torch::kInt64},
                                             {"I32", torch::kInt32},
                                             {"I16", torch::kInt16},
                                             {"I8", torch::kInt8},
                                             {"U8", torch::kUInt8},
                                             {"BOOL", torch::kBool}}};

[[noreturn]] void corrupt(const std::string& what) {
    throw Error(ErrorCode::Corrupt, "this is not a sound weight file (safetensors): " + what);
}

torch::ScalarType dtypeFromName(const std::string& name) {
    for (const auto& entry : kDtypes) {
        if (name == entry.name) return entry.type;
    }
    corrupt(fmt::format("unknown element type \"{}\"", name));
}

const char* nameOfDtype(torch::ScalarType type) {
    for (const auto& entry : kDtypes) {
        if (type == entry.type) return entry.name;
    }
    throw Error(ErrorCode::Internal, "a tensor of this element type cannot be written to a weight file");
}

struct Range {
    std::uint64_t begin;
    std::uint64_t end;
};

std::uint64_t unsignedNumber(const Json& value, const std::string& name) {
    if (!value.is_number_unsigned())
        corrupt(fmt::format("\"{}\" has a size or offset that is not a whole number >= 0", name));
    return value.get<std::uint64_t>();
}

}  // namespace

SafeTensors parseSafeTensors(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 8) corrupt("it is shorter than 8 bytes");
    std::uint64_t headerLength = 0;
    std::memcpy(&headerLength, bytes.data(), 8);
    if (headerLength > kMaxHeaderBytes) corrupt(fmt::format("its header claims {} bytes", headerLength));
    if (headerLength > bytes.size() - 8) corrupt("its header is longer than the file");
    Json header;
    std::set<std::string> names;
    const auto noteNames = [&](int depth, Json::parse_event_t event, const Json& parsed) {
        // JSON parsers keep one of two equal keys, and not all the same one.
        if (event == Json::parse_event_t::key && depth == 1 &&
            !names.insert(parsed.get<std::string>()).second)
            corrupt(fmt::format("\"{}\" stands twice", parsed.get<std::string>()));
        return true;
    };
    try {
        header = Json::parse(bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(headerLength),
                             noteNames);
    } catch (const Json::exception&) {
        corrupt("its header is not JSON");
    }
    if (!header.is_object()) corrupt("its header is not a JSON object");
    const auto payload = bytes.subspan(8 + headerLength);

    SafeTensors result;
    std::vector<Range> ranges;
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") {
            if (!entry.is_object()) corrupt("__metadata__ is not an object");
            for (const auto& [key, value] : entry.items()) {
                if (!value.is_string()) corrupt("__metadata__ holds something else than text");
                result.metadata[key] = value.get<std::string>();
            }
            continue;
        }
        if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
            !entry.contains("data_offsets") || !entry["dtype"].is_string() || !entry["shape"].is_array() ||
            !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2 ||
            entry["shape"].size() > kMaxDimensions) {
            corrupt(fmt::format("the entry \"{}\" is malformed", name));
        }
        const auto type = dtypeFromName(entry["dtype"].get<std::string>());
        const Range range{unsignedNumber(entry["data_offsets"][0], name),
                          unsignedNumber(entry["data_offsets"][1], name)};
        if (range.begin > range.end || range.end > payload.size())
            corrupt(fmt::format("\"{}\" lies outside of the file", name));
        std::vector<std::int64_t> shape;
        std::uint64_t elements = 1;
        std::uint64_t extent = 1;  // without the sides of 0: the strides of an empty tensor must not overflow
        for (const auto& side : entry["shape"]) {
            const std::uint64_t size = unsignedNumber(side, name);
            if (size > kMaxExtent / extent || (size != 0 && elements > payload.size() / size))
                corrupt(fmt::format("\"{}\" is larger than the file", name));
            elements *= size;
            extent *= std::max<std::uint64_t>(size, 1);
            shape.push_back(static_cast<std::int64_t>(size));
        }
        if (elements * torch::elementSize(type) != range.end - range.begin) {
            corrupt(fmt::format("the bytes of \"{}\" do not match its shape", name));
        }
        auto tensor = torch::empty(shape, torch::TensorOptions().dtype(type));
        if (range.end > range.begin)
            std::memcpy(tensor.data_ptr(), payload.data() + range.begin, range.end - range.begin);
        result.tensors.emplace(name, std::move(tensor));
        ranges.push_back(range);
    }
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
        return a.begin != b.begin ? a.begin < b.begin
                                  : a.end < b.end;  // an empty tensor before its neighbour
    });
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].begin < ranges[i - 1].end) corrupt("two tensors overlap");
    }
    return result;
}

SafeTensors loadSafeTensors(const std::filesystem::path& path, const std::string& expectedSha256) {
    const Bytes bytes = readFile(path);
    if (!expectedSha256.empty()) {
        const std::string actual = sha256Hex(bytes);
        if (actual != expectedSha256) {
            throw Error(ErrorCode::HashMismatch, fmt::format("{} is not the file its manifest names: SHA-256 "
                                                             "is {} instead of {}. Install the model again",
                                                             path.string(), actual, expectedSha256));
        }
    }
    try {
        return parseSafeTensors(bytes);
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}", path.string(), error.what()));
    }
}

Bytes serializeSafeTensors(const TensorMap& tensors, const TextMap& metadata) {
    Json header = Json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors) {
        const std::uint64_t size = static_cast<std::uint64_t>(tensor.numel()) * tensor.element_size();
        header[name] = {{"dtype", nameOfDtype(tensor.scalar_type())},
                        {"shape", std::vector<std::int64_t>(tensor.sizes().begin(), tensor.sizes().end())},
                        {"data_offsets", {offset, offset + size}}};
        offset += size;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    Bytes bytes(8 + text.size() + offset);
    const std::uint64_t length = text.size();
    std::memcpy(bytes.data(), &length, 8);
    std::memcpy(bytes.data() + 8, text.data(), text.size());
    std::uint8_t* at = bytes.data() + 8 + text.size();
    for (const auto& [name, tensor] : tensors) {
        const auto plain = tensor.detach().to(torch::kCPU).contiguous();
        const std::size_t size = static_cast<std::size_t>(plain.numel()) * plain.element_size();
        if (size > 0) std::memcpy(at, plain.data_ptr(), size);
        at += size;
    }
    return bytes;
}

TensorMap stateDict(const torch::nn::Module& module) {
    TensorMap tensors;
    for (const auto& item : module.named_parameters()) tensors[item.key()] = item.value();
    for (const auto& item : module.named_buffers()) tensors[item.key()] = item.value();
    return tensors;
}

void checkStateDict(const torch::nn::Module& module, const TensorMap& tensors) {
    const TensorMap own = stateDict(module);
    for (const auto& [name, tensor] : own) {
        const auto it = tensors.find(name);
        if (it == tensors.end())
            throw Error(ErrorCode::Corrupt,
                        fmt::format("the weights lack \"{}\": they are of another architecture", name));
        if (it->second.sizes() != tensor.sizes()) {
            throw Error(
                ErrorCode::Corrupt,
                fmt::format("\"{}\" has another shape in the weights: they are of another architecture",
                            name));
        }
    }
    for (const auto& [name, tensor] : tensors) {
        if (!own.contains(name))
            throw Error(ErrorCode::Corrupt,
                        fmt::format("the weights hold \"{}\", which this network does not have", name));
    }
}

void loadStateDict(torch::nn::Module& module, const TensorMap& tensors) {
    checkStateDict(module, tensors);
    const torch::NoGradGuard guard;
    for (auto& [name, tensor] : stateDict(module)) tensor.copy_(tensors.at(name));
}

TensorMap withoutPrefix(const TensorMap& tensors, const std::string& prefix) {
    TensorMap part;
    for (const auto& [name, tensor] : tensors) {
        if (name.starts_with(prefix)) part[name.substr(prefix.size())] = tensor;
    }
    return part;
}

void addWithPrefix(TensorMap& tensors, const TensorMap& part, const std::string& prefix) {
    for (const auto& [name, tensor] : part) tensors[prefix + name] = tensor;
}

const torch::Tensor& entryOf(const TensorMap& part, const std::string& name, at::IntArrayRef shape,
                             const std::string& what) {
    const auto it = part.find(name);
    if (it == part.end() || it->second.sizes() != shape)
        throw Error(ErrorCode::Corrupt,
                    fmt::format("the checkpoint's {} has no \"{}\", or one of another shape", what, name));
    return it->second;
}

void addParameters(NamedParameters& parameters, const torch::nn::Module& module, const std::string& prefix) {
    for (const auto& item : module.named_parameters())
        parameters.emplace_back(prefix + item.key(), item.value());
}

std::int64_t parameterCount(const torch::nn::Module& module) {
    std::int64_t count = 0;
    for (const auto& parameter : module.parameters()) count += parameter.numel();
    return count;
}

}  // namespace signet::nn
