#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>

#include "core/cases/case_types.h"

namespace signet::cases {

struct OpenOptions {
    std::string actor;      ///< the examiner's name that every action is recorded with
    bool readOnly = false;  ///< writes nothing, not even what a reader of SQLite's journal would
    /// Where copies and artifacts are; empty: "<file>.files" beside a SQLite file, for PostgreSQL the folder
    /// that was given when the case was made.
    std::filesystem::path folder;
    double patienceSeconds = 60;  ///< how long to wait for a database server that is away
};

/// A case in its database: a SQLite file, or a PostgreSQL database (postgresql:// URL). One object is one
/// connection, for one thread at a time; several objects and processes may have a case open, each change is
/// one transaction with its entry in the audit chain. Errors are signet::Error: NotFound, NoPermission,
/// Corrupt (no case, or a damaged one), Environment (locked, server away), DiskFull, Exists, BadOption.
class CaseStore {
public:
    /// Makes a new case. Throws Exists where there is one.
    static void create(const std::string& location, const CaseInfo& info, const OpenOptions& options);

    /// Opens a case. An older schema is brought up to date after a backup; a newer one is opened read-only.
    CaseStore(const std::string& location, const OpenOptions& options);
    ~CaseStore();
    CaseStore(CaseStore&&) noexcept;

    const std::string& location() const;
    const std::string& actor() const;
    void setActor(const std::string& actor);
    const std::filesystem::path& folder() const;  ///< of copies and artifacts
    bool readOnly() const;
    /// Why nothing can be written; empty for a case opened for writing.
    const std::string& readOnlyReason() const;

    CaseInfo info();
    void setInfo(const CaseInfo& info);

    // --- exhibits ---
    /// Records exhibits with their custody events; ids are filled in. One whose path and SHA-256 are in the
    /// case already is not recorded again: it gets that one's id and false in the result.
    std::vector<bool> addEvidence(std::span<Evidence> items);
    std::vector<Evidence> evidence();
    std::vector<Evidence> evidence(const std::set<RowId>& ids);
    /// Throws NotFound.
    Evidence evidenceOf(RowId id);
    std::filesystem::path fileOf(const Evidence& evidence) const;  ///< the copy, or the original
    void setNote(RowId evidence, const std::string& note);
    std::vector<CustodyEvent> custody(RowId evidence);
    void addCustody(RowId evidence, const std::string& action, const std::string& details);

    // --- work: exhibits are taken by a worker for a time, and examined once into the record ---
    /// Makes exhibits wait for an examination (again).
    void queue(const std::set<RowId>& evidence);
    /// The next waiting exhibit, or one whose worker's time is over; nothing when none is left to take.
    /// only: of this exhibit alone; 0: of all.
    std::optional<Evidence> take(const std::string& worker, int leaseSeconds, RowId only = 0);
    /// Gives one back untouched.
    void giveBack(RowId evidence, const std::string& worker);
    /// Makes exhibits wait that dead processes of this machine hold; which these were. The files they were
    /// making stay: see removeLeftovers (case_files.h).
    std::set<RowId> takeBackFromDead();
    /// Records an examination with its artifacts; false when the exhibit was taken by another worker
    /// meanwhile: then nothing is recorded. The id is filled in.
    bool finish(Examination& examination, std::span<Artifact> artifacts, const std::string& worker);
    struct Progress {
        std::int64_t waiting = 0, running = 0, done = 0, failed = 0;
    };
    Progress progress();

    // --- results ---
    std::vector<Examination> examinations(RowId evidence);
    /// The last examination of each exhibit that has one, by exhibit.
    std::vector<Examination> lastExaminations();
    std::vector<Artifact> artifacts(RowId examination);
    std::vector<Artifact> artifacts();

    // --- codes ---
    void registerCode(RegisteredCode& code);
    /// Both throw NotFound where there is no such code, or it was withdrawn. What was examined before keeps
    /// the match it was given then.
    void changeCode(RowId id, const std::string& holder, const std::string& notes);
    void withdrawCode(RowId id, const std::string& reason);  ///< reason: kept in the audit log
    /// Those that decoded codes are compared with; also the withdrawn ones where asked for.
    std::vector<RegisteredCode> codes(bool alsoWithdrawn = false);

    // --- findings, tags ---
    void saveFinding(Finding& finding);  ///< id 0: a new one
    void removeFinding(RowId id);
    std::vector<Finding> findings(RowId evidence = 0);  ///< 0: all
    RowId saveTag(Tag& tag);
    std::vector<Tag> tags();
    void setTag(RowId evidence, RowId tag, bool on);
    void setTag(const std::set<RowId>& evidence, RowId tag, bool on);  ///< all or none

    // --- reports ---
    /// version 0 and an empty audit head are filled in; a version that is not the next one throws Exists.
    void recordReport(IssuedReport& report);
    std::vector<IssuedReport> reports();

    // --- audit ---
    /// Everyone who took in, examined or assessed (by a finding) an exhibit, by name.
    std::set<std::string> actors();
    AuditEntry head();
    /// Entries first, first + 1, ... (at most count; 0: all).
    std::vector<AuditEntry> audit(std::int64_t first = 1, std::int64_t count = 0);
    /// An action that changes no row, e.g. an export.
    void note(const std::string& action, const std::string& subject, const Json& details);

    /// For core/cases alone.
    struct Impl;
    Impl& impl() { return *m_impl; }

private:
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::cases
