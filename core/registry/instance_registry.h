#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/cases/chain_check.h"
#include "core/fingerprint/code_search.h"
#include "core/registry/instance.h"

namespace signet::registry {

/// A row that an import left out.
struct BadRow {
    std::int64_t line = 0;  ///< of the file, from 1 on
    std::string message;
};

struct ImportResult {
    std::int64_t imported = 0;
    std::vector<BadRow> bad;
};

/// The codes of one model's instances, as a search takes them: code i is that of instance ids[i].
struct RegisteredCodes {
    fingerprint::PackedCodes codes;
    std::vector<RowId> ids;
};

/// Who may open it, and how.
struct RegistryOptions {
    std::string actor = {};  ///< that every change is recorded with
    bool readOnly = false;
    double patienceSeconds = 60;  ///< how long to wait for a database server that is away
};

/// The registry of issued instances: a SQLite file, or a PostgreSQL database (postgresql:// URL), with the
/// engine, migrations and audit chain of a case. One object is one connection, for one thread at a time;
/// several processes may have a registry open. Errors are those of cases::CaseStore.
class InstanceRegistry {
public:
    /// Of a workspace.
    static std::filesystem::path fileIn(const std::filesystem::path& workspace);

    /// Opens a registry; one that is to be written to is made where there is none.
    InstanceRegistry(const std::string& location, const RegistryOptions& options);
    ~InstanceRegistry();
    InstanceRegistry(InstanceRegistry&&) noexcept;

    /// Registers what was issued, and gives it its id. acceptable is asked, in the transaction, about the
    /// codes of that model which are there by then; where it says no, nothing is registered and the answer is
    /// false. Throws BadOption (holder, code), Exists (that code of that model).
    bool add(Instance& instance, const std::function<bool(const RegisteredCodes&)>& acceptable = {});
    /// Throws NotFound, BadOption where it is revoked already or no reason is given.
    void revoke(RowId id, const std::string& reason);

    Instance find(RowId id);  ///< throws NotFound
    /// In the order of their ids; holder: only whose holder's name contains it, in any case.
    void each(const std::string& holder, const std::function<void(const Instance&)>& onInstance);
    std::int64_t count();
    /// Number of the instance registered last, 0 where there is none: it grows with every one, and is found
    /// without counting them.
    RowId lastId();
    RegisteredCodes codesOf(const std::string& modelSha256, int bits);

    /// Of a CSV file of any size (instance_csv.h). Sound rows are registered in one transaction, the others
    /// named. Throws what reading a file throws, Corrupt where it has not these columns.
    ImportResult importCsv(const std::filesystem::path& file, const WorkContext& context);
    /// What importCsv() takes; returns how many.
    std::int64_t exportCsv(const std::filesystem::path& file, bool replace, const WorkContext& context);

    /// Whether chain and rows are as they were written (cases::checkChain), those of an import as a whole.
    cases::ChainCheck verify(const std::string& expectedHead = {});

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::registry
