#include "core/report/archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/image/file_names.h"

namespace fs = std::filesystem;

namespace signet::report {
namespace {

bool isZipName(const fs::path& path) {
    return path.extension() == ".zip" || path.extension() == ".ZIP";
}

/// Photographs hardly get smaller; everything else is text.
bool isPacked(const std::string& name) {
    return image::formatOfName(name).has_value();
}

/// A folder or file under a name beside its final one, gone again unless it is renamed.
class Unfinished {
public:
    explicit Unfinished(const fs::path& final) : m_final(final) {
        std::error_code ignored;
        if (fs::exists(fs::symlink_status(final, ignored)))
            throw Error(ErrorCode::Exists,
                        fmt::format("{} exists: choose another name", toUtf8(final.string())));
        const fs::path folder = final.has_parent_path() ? final.parent_path() : fs::path(".");
        m_path = folder / fittingName("." + final.filename().native(), fmt::format(".{}.part", ::getpid()));
        fs::remove_all(m_path, ignored);
    }
    ~Unfinished() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    const fs::path& path() const { return m_path; }
    void finish() {
        std::error_code error;
        if (fs::exists(fs::symlink_status(m_final, error)))
            throw Error(ErrorCode::Exists, fmt::format("{} exists by now", toUtf8(m_final.string())));
        fs::rename(m_path, m_final, error);
        if (error) throwFileError(error.value(), m_final, "write");
    }

private:
    fs::path m_final;
    fs::path m_path;
};

void stopIfAsked(const WorkContext& context) {
    if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the export was stopped");
}

void writeFolder(const fs::path& path, std::span<const ArchiveEntry> entries, const WorkContext& context) {
    Unfinished unfinished(path);
    std::error_code error;
    if (!fs::create_directories(unfinished.path(), error) && error)
        throwFileError(error.value(), path, "write");
    for (std::size_t i = 0; i < entries.size(); ++i) {
        stopIfAsked(context);
        context.report(i, entries.size(), "copying files");
        const fs::path target = unfinished.path() / entries[i].name;
        fs::create_directories(target.parent_path(), error);
        if (error) throwFileError(error.value(), target, "write");
        streamFileAtomically(
            target,
            [&](const WritePart& write) {
                readParts(entries[i].source, [&](std::span<const std::uint8_t> part) {
                    write(part);
                    return true;
                });
            },
            IfExists::Refuse);
    }
    unfinished.finish();
}

struct ZipCloser {
    void operator()(zip_t* zip) const { zip_discard(zip); }
};
using Zip = std::unique_ptr<zip_t, ZipCloser>;

[[noreturn]] void throwZipError(zip_error_t* error, const fs::path& path) {
    const std::string message = fmt::format("{}: {}", toUtf8(path.string()), zip_error_strerror(error));
    if (zip_error_system_type(error) == ZIP_ET_SYS)
        throwFileError(zip_error_code_system(error), path, "write");
    throw Error(zip_error_code_zip(error) == ZIP_ER_CANCELLED ? ErrorCode::Cancelled : ErrorCode::Environment,
                message);
}

Zip openZip(const fs::path& path, int flags) {
    int code = 0;
    Zip zip(zip_open(path.c_str(), flags, &code));
    if (zip) return zip;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string message = fmt::format("{} is no zip file that can be read: {}", toUtf8(path.string()),
                                            zip_error_strerror(&error));
    const int system = zip_error_system_type(&error) == ZIP_ET_SYS ? zip_error_code_system(&error) : 0;
    zip_error_fini(&error);
    if (code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS || code == ZIP_ER_MULTIDISK)
        throw Error(ErrorCode::Corrupt, message);
    if (system != 0) throwFileError(system, path, "open");
    throw Error(ErrorCode::Corrupt, message);
}

void writeZip(const fs::path& path, std::span<const ArchiveEntry> entries, const WorkContext& context) {
    Unfinished unfinished(path);
    Zip zip = openZip(unfinished.path(), ZIP_CREATE | ZIP_EXCL);
    for (const ArchiveEntry& entry : entries) {
        zip_source_t* source = zip_source_file(zip.get(), entry.source.c_str(), 0, -1);
        if (!source) throwZipError(zip_get_error(zip.get()), entry.source);
        const zip_int64_t index = zip_file_add(zip.get(), entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        if (index < 0) {
            zip_source_free(source);
            throwZipError(zip_get_error(zip.get()), entry.source);
        }
        const auto at = static_cast<zip_uint64_t>(index);
        zip_set_file_compression(zip.get(), at, isPacked(entry.name) ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
    }
    zip_register_progress_callback_with_state(
        zip.get(), 0.01,
        [](zip_t*, double done, void* user) {
            static_cast<const WorkContext*>(user)->report(static_cast<std::uint64_t>(done * 100), 100,
                                                          "writing the zip");
        },
        nullptr, const_cast<WorkContext*>(&context));
    zip_register_cancel_callback_with_state(
        zip.get(),
        [](zip_t*, void* user) -> int {
            return static_cast<const WorkContext*>(user)->stop.stop_requested();
        },
        nullptr, const_cast<WorkContext*>(&context));
    if (zip_close(zip.get()) != 0) throwZipError(zip_get_error(zip.get()), path);
    (void)zip.release();  // closed
    unfinished.finish();
}

class FolderReader final : public ArchiveReader {
public:
    explicit FolderReader(fs::path folder) : m_folder(std::move(folder)) {}

    std::vector<std::string> names() const override {
        std::vector<std::string> names;
        for (fs::recursive_directory_iterator it(m_folder), end; it != end; ++it)
            if (!fs::is_directory(it->symlink_status()))
                names.push_back(it->path().lexically_relative(m_folder).string());
        return names;
    }

    void read(const std::string& name,
              const std::function<bool(std::span<const std::uint8_t>)>& onPart) const override {
        // No link leads out of the folder: each part of the way must be a real folder, the end a real file.
        fs::path path = m_folder;
        for (const fs::path& part : fs::path(name)) {
            path /= part;
            const fs::file_status status = fs::symlink_status(path);
            if (!fs::exists(status))
                throw Error(ErrorCode::NotFound, fmt::format("{} is not there", toUtf8(name)));
            if (!fs::is_directory(status) && !fs::is_regular_file(status))
                throw Error(ErrorCode::Corrupt, fmt::format("{} is not a plain file", toUtf8(name)));
        }
        readParts(path, onPart);
    }

private:
    fs::path m_folder;
};

class ZipReader final : public ArchiveReader {
public:
    explicit ZipReader(const fs::path& path) : m_zip(openZip(path, ZIP_RDONLY | ZIP_CHECKCONS)) {}

    std::vector<std::string> names() const override {
        std::vector<std::string> names;
        const zip_int64_t count = zip_get_num_entries(m_zip.get(), 0);
        for (zip_int64_t i = 0; i < count; ++i) {
            const char* name = zip_get_name(m_zip.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
            if (name && *name && name[std::string_view(name).size() - 1] != '/') names.emplace_back(name);
        }
        return names;
    }

    void read(const std::string& name,
              const std::function<bool(std::span<const std::uint8_t>)>& onPart) const override {
        zip_file_t* file = zip_fopen(m_zip.get(), name.c_str(), ZIP_FL_ENC_RAW);
        if (!file)
            throw Error(ErrorCode::NotFound, fmt::format("{} is not there or cannot be read", toUtf8(name)));
        const std::unique_ptr<zip_file_t, void (*)(zip_file_t*)> closer(file,
                                                                        [](zip_file_t* f) { zip_fclose(f); });
        std::vector<std::uint8_t> part(1 << 18);
        for (;;) {
            const zip_int64_t got = zip_fread(file, part.data(), part.size());
            if (got < 0)
                throw Error(ErrorCode::Corrupt, fmt::format("{} is damaged in the zip file", toUtf8(name)));
            if (got == 0 || !onPart(std::span(part).first(static_cast<std::size_t>(got)))) return;
        }
    }

private:
    Zip m_zip;
};

}  // namespace

void writeArchive(const fs::path& path, std::span<const ArchiveEntry> entries, const WorkContext& context) {
    for (const ArchiveEntry& entry : entries)
        if (!isSafeName(entry.name))
            throw Error(ErrorCode::Internal, "an archive cannot hold " + toUtf8(entry.name));
    isZipName(path) ? writeZip(path, entries, context) : writeFolder(path, entries, context);
}

std::unique_ptr<ArchiveReader> ArchiveReader::open(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status))
        throw Error(ErrorCode::NotFound, fmt::format("{} is not there", toUtf8(path.string())));
    if (fs::is_directory(status)) return std::make_unique<FolderReader>(path);
    return std::make_unique<ZipReader>(path);
}

std::string ArchiveReader::readText(const std::string& name, std::uint64_t maxBytes) const {
    std::string text;
    read(name, [&](std::span<const std::uint8_t> part) {
        text.append(reinterpret_cast<const char*>(part.data()), part.size());
        return text.size() <= maxBytes;
    });
    if (text.size() > maxBytes)
        throw Error(ErrorCode::TooLarge, fmt::format("{} is larger than {} bytes", toUtf8(name), maxBytes));
    return text;
}

bool isSafeName(std::string_view name) {
    if (name.empty() || name.front() == '/' || name.back() == '/') return false;
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\' || c == ':') return false;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('/', begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        if (part.empty() || part == "." || part == "..") return false;
        begin = end + 1;
    }
    return true;
}

}  // namespace signet::report
