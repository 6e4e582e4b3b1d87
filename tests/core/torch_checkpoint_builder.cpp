#include "tests/core/torch_checkpoint_builder.h"

#include <torch/torch.h>
#include <zip.h>

#include <cstring>
#include <stdexcept>

namespace signet::test {
namespace {

QByteArray little(std::uint32_t number) {
    QByteArray out;
    out.append(reinterpret_cast<const char*>(&number), 4);
    return out;
}

QByteArray number(std::int64_t value) {
    return "J" + little(static_cast<std::uint32_t>(value));
}

QByteArray tensorOf(const QByteArray& storage, const std::vector<std::int64_t>& sizes,
                    const std::vector<std::int64_t>& strides) {
    const auto tuple = [](const std::vector<std::int64_t>& numbers) {
        QByteArray out("(");
        for (const auto value : numbers) out += number(value);
        return out + "t";
    };
    return "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + number(0) + tuple(sizes) + tuple(strides) +
           "\x89" + "ccollections\nOrderedDict\n)RtR";
}

}  // namespace

QByteArray pickledText(const char* word) {
    return "X" + little(static_cast<std::uint32_t>(std::strlen(word))) + word;
}

QByteArray pickled(const QByteArray& body) {
    return QByteArray("\x80\x02") + body + ".";
}

QByteArray legacyBeginning() {
    return pickled(QByteArray("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12)) +
           pickled(QByteArray("M\xe9\x03")) + pickled("}");
}

QByteArray legacyObject(int rowStride, int columnStride) {
    const QByteArray storage = "(" + pickledText("storage") + "ctorch\nFloatStorage\n" + pickledText("7") +
                               pickledText("cpu") + number(6) + "NtQ";
    return pickled("ccollections\nOrderedDict\n)R(" + pickledText("w") +
                   tensorOf(storage, {2, 3}, {rowStride, columnStride}) + "u}" + pickledText("_metadata") +
                   "}s" + "b");
}

QByteArray legacyStorages(std::int64_t elements) {
    QByteArray out = pickled("](" + pickledText("7") + "e");
    out.append(reinterpret_cast<const char*>(&elements), 8);
    for (int i = 0; i < 6; ++i) {
        const auto value = static_cast<float>(i);
        out.append(reinterpret_cast<const char*>(&value), 4);
    }
    return out;
}

QByteArray zipped(const std::map<std::string, QByteArray>& entries) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* whole = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_t* archive = whole ? zip_open_from_source(whole, ZIP_TRUNCATE, &error) : nullptr;
    if (!archive) throw std::runtime_error("no zip file");
    zip_source_keep(whole);
    for (const auto& [name, bytes] : entries) {
        zip_source_t* source =
            zip_source_buffer(archive, bytes.data(), static_cast<zip_uint64_t>(bytes.size()), 0);
        const auto index = zip_file_add(archive, name.c_str(), source, 0);
        if (index < 0 ||
            zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0)
            throw std::runtime_error("no entry");
    }
    if (zip_close(archive) != 0) throw std::runtime_error("not written");
    zip_stat_t size;
    zip_source_stat(whole, &size);
    QByteArray out(static_cast<qsizetype>(size.size), '\0');
    zip_source_open(whole);
    zip_source_read(whole, out.data(), size.size);
    zip_source_close(whole);
    zip_source_free(whole);
    return out;
}

QByteArray zippedCheckpoint(const std::string& part, const std::map<std::string, torch::Tensor>& tensors) {
    std::map<std::string, QByteArray> entries;
    QByteArray dictionary("ccollections\nOrderedDict\n)R(");
    int key = 0;
    for (const auto& [name, given] : tensors) {
        const auto tensor = given.contiguous();
        const std::string at = std::to_string(key++);
        const char* type =
            tensor.scalar_type() == torch::kInt32 ? "ctorch\nIntStorage\n" : "ctorch\nFloatStorage\n";
        const QByteArray storage = "(" + pickledText("storage") + type + pickledText(at.c_str()) +
                                   pickledText("cpu") + number(tensor.numel()) + "tQ";
        dictionary +=
            pickledText(name.c_str()) + tensorOf(storage, tensor.sizes().vec(), tensor.strides().vec());
        entries["archive/data/" + at] =
            QByteArray(static_cast<const char*>(tensor.data_ptr()), static_cast<qsizetype>(tensor.nbytes()));
    }
    dictionary += "u";
    // A number with a fraction beside it, as an optimiser's options have.
    entries["archive/data.pkl"] =
        part.empty() ? pickled(dictionary)
                     : pickled("}(" + pickledText(part.c_str()) + dictionary + pickledText("rate") + "G" +
                               QByteArray("\x3f\x60\x62\x4d\xd2\xf1\xa9\xfc") + "u");
    entries["archive/version"] = "3\n";
    return zipped(entries);
}

}  // namespace signet::test
