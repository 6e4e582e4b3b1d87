#include "core/registry/instance_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <utility>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/cases/database.h"
#include "core/cases/migrations.h"
#include "core/cases/sql_row.h"
#include "core/registry/instance_csv.h"

namespace fs = std::filesystem;

namespace signet::registry {

using cases::Database;
using cases::RecordedTable;
using cases::RowReader;

namespace {

const cases::SchemaKind kRegistrySchema{"registry of instances", "registry", "instance"};

/// Instances of an import are recorded as a whole, by their batch's rows_sha256.
const std::array<RecordedTable, 3> kTables{{
    {.name = "instance",
     .columns = {"code", "bits", "model", "model_sha256", "holder", "generator_sha256", "issued_utc",
                 "notes"},
     .where = "batch_id = 0"},
    {.name = "instance_status", .columns = {"instance_id", "status", "reason", "utc", "actor"}},
    {.name = "batch", .columns = {"utc", "actor", "file", "file_sha256", "instances", "rows_sha256"}},
}};
constexpr int kImportMiB = 256;  ///< of an index whose entries come in no order

const RecordedTable& kInstances = kTables[0];
const RecordedTable& kStatuses = kTables[1];
const RecordedTable& kBatches = kTables[2];

/// Instances with the last status of each, where it was changed.
constexpr const char* kSelect =
    "SELECT i.id, i.code, i.bits, i.model, i.model_sha256, i.holder, i.generator_sha256, i.issued_utc, "
    "i.notes, COALESCE(s.status, 'active'), COALESCE(s.reason, '') FROM instance i LEFT JOIN instance_status "
    "s ON s.id = (SELECT MAX(l.id) FROM instance_status l WHERE l.instance_id = i.id) ";

Instance readInstance(RowReader& row) {
    Instance instance;
    instance.id = row.integer();
    instance.codeHex = row.text();
    instance.bits = static_cast<int>(row.integer());
    instance.model = row.text();
    instance.modelSha256 = row.text();
    instance.holder = row.text();
    instance.generatorSha256 = row.text();
    instance.issuedUtc = row.text();
    instance.notes = row.text();
    instance.revoked = row.text() == kRevoked;
    instance.reason = row.text();
    return instance;
}

cases::NewRows newInstances(Database& database) {
    return {database.sql(),
            "instance",
            {"code", "bits", "model", "model_sha256", "holder", "generator_sha256", "issued_utc", "notes",
             "batch_id"}};
}

/// False where that code of that model is registered already.
bool insert(cases::NewRows& rows, Instance& i, RowId batch) {
    const auto id = rows.add({i.codeHex, std::int64_t{i.bits}, i.model, i.modelSha256, i.holder,
                              i.generatorSha256, i.issuedUtc, i.notes, batch});
    i.id = id.value_or(0);
    return id.has_value();
}

[[noreturn]] void throwRegistered(const Instance& instance) {
    throw Error(ErrorCode::Exists,
                fmt::format("the code {} of that model is registered already", instance.codeHex));
}

void refuseLines(const std::string& text, const char* what) {
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }))
        throw Error(ErrorCode::BadOption, fmt::format("{} is one line of text", what));
}

/// Checks what is to be registered, and writes its code as all are.
void normalise(Instance& instance) {
    if (instance.holder.empty()) throw Error(ErrorCode::BadOption, "an instance needs a holder");
    refuseLines(instance.holder, "a holder's name");
    refuseLines(instance.notes, "a note");
    const auto isSha256 = [](const std::string& text) {
        return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
    };
    if (!isSha256(instance.modelSha256))
        throw Error(ErrorCode::BadOption, "the model is named by the SHA-256 of its weights");
    if (!instance.generatorSha256.empty() && !isSha256(instance.generatorSha256))
        throw Error(ErrorCode::BadOption, "the generator is named by the SHA-256 of its weights");
    instance.codeHex = hexFromBits(bitsFromHex(instance.codeHex, instance.bits));
}

/// What the digest of an import is made of: a line an instance, in the order of their ids.
std::string lineOf(const Instance& i) {
    const Json values = Json::array(
        {i.id, i.codeHex, i.bits, i.model, i.modelSha256, i.holder, i.generatorSha256, i.issuedUtc, i.notes});
    return values.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

void addText(StreamHash& hash, const std::string& text) {
    hash.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// Makes a registry's file, which gets its name when it is whole: whoever opens it at the same moment finds a
/// registry or nothing. Nothing is done where another process was faster.
void makeFile(const fs::path& file, const RegistryOptions& options) {
    if (file.has_parent_path()) fs::create_directories(file.parent_path());
    fs::path made = file;
    made.replace_filename(fmt::format(".{}.{:08x}", file.filename().string(), std::random_device()()));
    std::error_code error;
    try {
        Database database(made, false, true, options.patienceSeconds);
        cases::migrate(database, cases::programSchema(kRegistrySchema), kRegistrySchema);
    } catch (...) {
        fs::remove(made, error);
        throw;
    }
    fs::create_hard_link(made, file, error);
    if (error && error != std::errc::file_exists) fs::rename(made, file, error);  // a disk without such links
    std::error_code ignored;
    fs::remove(made, ignored);
    if (error && error != std::errc::file_exists) throwFileError(error.value(), file, "write");
}

}  // namespace

struct InstanceRegistry::Impl {
    Impl(const std::string& location, const RegistryOptions& options)
        : database(location, options.readOnly, false, options.patienceSeconds), actor(options.actor) {}

    void markRevoked(RowId id, const std::string& reason) {
        const RowId entry = cases::insertRow(database.sql(), "instance_status",
                                             {{"instance_id", id},
                                              {"status", std::string(kRevoked)},
                                              {"reason", reason},
                                              {"utc", utcNow()},
                                              {"actor", actor}});
        cases::recordRow(database, actor, "instance revoked", kStatuses, entry,
                         {{"instance", id}, {"reason", reason}});
    }

    Instance find(RowId id) {
        std::vector<Instance> found;
        cases::eachRow(database.sql(), std::string(kSelect) + "WHERE i.id = :key1", {id},
                       [&](RowReader& row) { found.push_back(readInstance(row)); });
        if (found.empty()) throw Error(ErrorCode::NotFound, fmt::format("there is no instance {}", id));
        return found.front();
    }

    RegisteredCodes codesOf(const std::string& modelSha256, int bits) {
        RegisteredCodes found{fingerprint::PackedCodes(bits), {}};
        // Compared with a term, so that rows are read as they lie: by the index of the codes, each of ten
        // million looked up and all sorted, it takes 18 times as long.
        cases::eachRow(
            database.sql(),
            "SELECT id, code FROM instance WHERE model_sha256 || '' = :key1 AND bits = :key2 ORDER BY id",
            {modelSha256, std::int64_t{bits}}, [&](RowReader& row) {
                found.ids.push_back(row.integer());
                found.codes.add(bitsFromHex(row.text(), bits));
            });
        return found;
    }

    Database database;
    std::string actor;
};

fs::path InstanceRegistry::fileIn(const fs::path& workspace) {
    return workspace / "registry.db";
}

InstanceRegistry::InstanceRegistry(const std::string& location, const RegistryOptions& options) {
    const bool missing = cases::dialectOf(location) == cases::Dialect::Sqlite && !fs::exists(location);
    if (missing && options.readOnly)
        throw Error(
            ErrorCode::NotFound,
            fmt::format("there is no registry {}; `signet fingerprint issue` makes one", toUtf8(location)));
    if (missing) makeFile(location, options);
    m_impl = std::make_unique<Impl>(location, options);
    const int newest = cases::programSchema(kRegistrySchema);
    int schema = cases::databaseSchema(m_impl->database, kRegistrySchema);
    if (schema > newest)
        throw Error(
            ErrorCode::Unsupported,
            fmt::format("the registry was last written by a newer Signet (schema {}, this one knows {})",
                        schema, newest));
    if (schema == newest) return;
    if (options.readOnly)
        throw Error(ErrorCode::NotFound,
                    fmt::format("there is no registry in {}", toUtf8(cases::withoutPassword(location))));
    try {
        cases::migrate(m_impl->database, newest, kRegistrySchema);
    } catch (const Error&) {
        schema = cases::databaseSchema(m_impl->database, kRegistrySchema);
        if (schema != newest) throw;  // else another process made it at the same moment
    }
}

InstanceRegistry::~InstanceRegistry() = default;
InstanceRegistry::InstanceRegistry(InstanceRegistry&&) noexcept = default;

bool InstanceRegistry::add(Instance& instance,
                           const std::function<bool(const RegisteredCodes&)>& acceptable) {
    normalise(instance);
    bool added = false;
    m_impl->database.write([&] {
        added = false;
        if (acceptable && !acceptable(m_impl->codesOf(instance.modelSha256, instance.bits))) return;
        if (instance.issuedUtc.empty()) instance.issuedUtc = utcNow();
        auto rows = newInstances(m_impl->database);
        if (!insert(rows, instance, 0)) throwRegistered(instance);
        cases::recordRow(m_impl->database, m_impl->actor, "instance issued", kInstances, instance.id,
                         {{"holder", instance.holder}, {"generator_sha256", instance.generatorSha256}});
        added = true;
    });
    return added;
}

void InstanceRegistry::revoke(RowId id, const std::string& reason) {
    if (reason.empty()) throw Error(ErrorCode::BadOption, "a revocation needs a reason");
    refuseLines(reason, "a reason");
    m_impl->database.write([&] {
        if (m_impl->find(id).revoked)
            throw Error(ErrorCode::BadOption, fmt::format("instance {} is revoked already", id));
        m_impl->markRevoked(id, reason);
    });
}

Instance InstanceRegistry::find(RowId id) {
    Instance found;
    m_impl->database.read([&] { found = m_impl->find(id); });
    return found;
}

void InstanceRegistry::each(const std::string& holder,
                            const std::function<void(const Instance&)>& onInstance) {
    std::string pattern = "%";
    for (const char c : holder) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    m_impl->database.read([&] {
        cases::eachRow(
            m_impl->database.sql(),
            std::string(kSelect) + "WHERE LOWER(i.holder) LIKE LOWER(:key1) ESCAPE '\\' ORDER BY i.id",
            {pattern + "%"}, [&](RowReader& row) { onInstance(readInstance(row)); });
    });
}

std::int64_t InstanceRegistry::count() {
    std::int64_t count = 0;
    m_impl->database.read(
        [&] { count = cases::oneNumber(m_impl->database.sql(), "SELECT COUNT(*) FROM instance"); });
    return count;
}

RowId InstanceRegistry::lastId() {
    RowId id = 0;
    m_impl->database.read(
        [&] { id = cases::oneNumber(m_impl->database.sql(), "SELECT COALESCE(MAX(id), 0) FROM instance"); });
    return id;
}

RegisteredCodes InstanceRegistry::codesOf(const std::string& modelSha256, int bits) {
    RegisteredCodes found{fingerprint::PackedCodes(bits), {}};
    m_impl->database.read([&] { found = m_impl->codesOf(modelSha256, bits); });
    return found;
}

ImportResult InstanceRegistry::importCsv(const fs::path& file, const WorkContext& context) {
    const std::string name = toUtf8(file.string());
    ImportResult result;
    m_impl->database.keepInMemory(kImportMiB);
    m_impl->database.write([&] {
        result = {};
        // The batch's own row comes last, once its digest is known; its id is the next one.
        const RowId batch =
            1 + cases::oneNumber(m_impl->database.sql(), "SELECT COALESCE(MAX(id), 0) FROM batch");
        auto rows = newInstances(m_impl->database);
        StreamHash digest;
        std::vector<RowId> revoked;
        const auto take = [&](Instance instance) {
            normalise(instance);
            if (!insert(rows, instance, batch)) throwRegistered(instance);
            addText(digest, lineOf(instance));
            if (instance.revoked) revoked.push_back(instance.id);
            ++result.imported;
        };
        std::optional<InstanceCsv> csv;
        std::int64_t number = 0;
        std::uint64_t read = 0;
        std::error_code unknown;  // reading says why
        const std::uint64_t size = fs::file_size(file, unknown);
        const auto onLine = [&](const std::string& line, bool /*ended*/) {
            if (context.stop.stop_requested())
                throw Error(ErrorCode::Cancelled, "the import was stopped: nothing was registered");
            ++number;
            read += line.size() + 1;
            context.report(std::min(read, size), size, "importing");
            if (!csv) {
                csv.emplace(line, name);
                return;
            }
            if (line.empty()) return;
            try {
                take(csv->read(line));
            } catch (const Error& error) {
                if (error.code() != ErrorCode::BadOption && error.code() != ErrorCode::Exists) throw;
                result.bad.push_back({number, error.what()});
            }
        };
        StreamHash whole;
        eachLine(file, onLine, {}, &whole);
        if (!csv) csv.emplace("", name);  // says what an empty file lacks
        if (result.imported == 0) return;
        const RowId id = cases::insertRow(m_impl->database.sql(), "batch",
                                          {{"utc", utcNow()},
                                           {"actor", m_impl->actor},
                                           {"file", name},
                                           {"file_sha256", whole.finish().sha256},
                                           {"instances", result.imported},
                                           {"rows_sha256", digest.finish().sha256}});
        if (id != batch) throw Error(ErrorCode::Internal, "the registry's batches are not counted on");
        cases::recordRow(m_impl->database, m_impl->actor, "instances imported", kBatches, id,
                         {{"instances", result.imported}, {"left_out", result.bad.size()}});
        for (const RowId instance : revoked) m_impl->markRevoked(instance, "as imported");
    });
    return result;
}

std::int64_t InstanceRegistry::exportCsv(const fs::path& file, bool replace, const WorkContext& context) {
    std::int64_t count = 0;
    streamFileAtomically(
        file,
        [&](const WritePart& write) {
            const auto writeText = [&](const std::string& text) {
                write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
            };
            writeText(instanceCsvHeader());
            each({}, [&](const Instance& instance) {
                if (context.stop.stop_requested())
                    throw Error(ErrorCode::Cancelled, "the export was stopped: no file was written");
                writeText(instanceCsvLine(instance));
                ++count;
            });
        },
        replace ? IfExists::Replace : IfExists::Refuse);
    if (!m_impl->database.readOnly())
        m_impl->database.write([&] {
            cases::appendAudit(m_impl->database, m_impl->actor, "registry exported", "registry",
                               {{"file", toUtf8(file.string())}, {"instances", count}});
        });
    return count;
}

cases::ChainCheck InstanceRegistry::verify(const std::string& expectedHead) {
    cases::ChainCheck check;
    m_impl->database.read([&] {
        check = cases::checkChain(m_impl->database, kTables, expectedHead);
        struct Batch {
            RowId id;
            std::string rows;
        };
        std::vector<Batch> batches;
        cases::eachRow(m_impl->database.sql(), "SELECT id, rows_sha256 FROM batch ORDER BY id", {},
                       [&](RowReader& row) {
                           const RowId id = row.integer();
                           batches.push_back({id, row.text()});
                       });
        std::int64_t known =
            cases::oneNumber(m_impl->database.sql(), "SELECT COUNT(*) FROM instance WHERE batch_id = 0");
        for (const Batch& batch : batches) {
            StreamHash digest;
            cases::eachRow(m_impl->database.sql(),
                           std::string(kSelect) + "WHERE i.batch_id = :key1 ORDER BY i.id", {batch.id},
                           [&](RowReader& row) {
                               addText(digest, lineOf(readInstance(row)));
                               ++known;
                               ++check.rows;
                           });
            if (digest.finish().sha256 != batch.rows)
                check.problems.push_back({"row", fmt::format("batch:{}", batch.id),
                                          "the instances of this import were changed past the program"});
        }
        const std::int64_t all = cases::oneNumber(m_impl->database.sql(), "SELECT COUNT(*) FROM instance");
        if (all != known)
            check.problems.push_back(
                {"row", "instance", "there are instances of an import that is not recorded"});
    });
    return check;
}

}  // namespace signet::registry
