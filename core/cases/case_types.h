#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/examine/record.h"

namespace signet::cases {

using RowId = std::int64_t;

/// What a case is about: the first page of a report. Every field but title and examiner may be empty.
struct CaseInfo {
    std::string title;
    std::string number;
    std::string examiner;      ///< who opened the case
    std::string organisation;  ///< the laboratory
    std::string customer;
    std::string description;
    std::string createdUtc;
    bool closed = false;
    Json fields = Json::object();  ///< further fields of a report (core/report), by name
};

/// Where an exhibit is with its examination.
enum class WorkState { Waiting, Running, Done, Failed };

/// An exhibit. What was recorded at intake never changes; state and the last examination do. Its table and
/// the folder of its copies were named "evidence" by the first schema; so do the names and keys that the
/// database, the audit log, JSON and the command line have for it, which stay.
struct Exhibit {
    RowId id = 0;
    std::string sha256;  ///< at intake
    std::string md5;     ///< at intake; for look-ups in other systems, never for verification
    std::int64_t bytes = 0;
    std::filesystem::path originalPath;
    int frame = 1;         ///< the page, picture or frame of the file that the exhibit is, from 1 on
    std::string copyPath;  ///< of the verified copy, relative to the case folder; empty: referenced in place
    std::string receivedUtc;
    std::string receivedBy;
    std::string receivedFrom;  ///< person, medium or place; free text
    std::string modifiedUtc;   ///< the file's modification time as found
    RowId duplicateOf = 0;     ///< the first exhibit with the same bytes; 0: none before
    std::string note;

    WorkState state = WorkState::Waiting;
    std::string problem;    ///< why the last examination failed
    RowId examination = 0;  ///< the last one that is over; 0: none
    std::string presence;   ///< its leading answer (examine::leadingFinding), as examine::answerOf
    std::string model;      ///< that gave the answer
    double score = 0;       ///< its presence logit
    double threshold = 0;
    bool keyed = false;        ///< of a keyed signature: score and threshold are -log10 of p-values
    std::string code;          ///< as read, hexadecimal; empty: none
    bool codeChecked = false;  ///< it passed a check of its own
    std::optional<examine::MatchAnswer>
        match;                         ///< how the code compares with the registered ones; nothing: no such
    std::string holder;                ///< of the nearest registered code; empty: none was compared with
    std::vector<std::string> remarks;  ///< conflicts and warnings of the last examination
    std::vector<RowId> tags;
};

/// The file's name as it came; of a further picture in a file with its number: "scan.tif (picture 2)".
std::string nameOf(const Exhibit& exhibit);

/// log10 of the p-value that its answer is by; nothing where it is by a logit, or there is none.
std::optional<double> log10POf(const Exhibit& exhibit);

/// Whether its code is neither checked nor that of a registered holder: examine::kUnverified.
bool isUnverified(const Exhibit& exhibit);

/// Its code as lists show it: with that word where it holds; empty: none.
std::string codeText(const Exhibit& exhibit);

/// Which of the three its leading answer is, whatever its model's kind calls it; nothing before there is one.
std::optional<examine::Presence> presenceOf(const Exhibit& exhibit);

/// Who did what with an exhibit.
struct CustodyEvent {
    RowId id = 0;
    RowId exhibit = 0;
    std::string utc;
    std::string actor;
    std::string action;  ///< "received", "examined", "reported", "exported", or what was entered (custody.h)
    std::string details;
};

/// A registered code that a decoded one is compared with.
struct RegisteredCode {
    RowId id = 0;
    std::string hex;
    int bits = 0;
    std::string model;  ///< whose codes these are; empty: any model of that many bits
    std::string holder;
    std::string issuedUtc;
    std::string notes;
    bool withdrawn = false;  ///< nothing is compared with it any more

    /// Of the picture that it was registered for (code_picture.h), each empty where it is not known.
    std::string keyFingerprint = {};  ///< of the key that the code was written with
    std::string pictureHash = {};     ///< signature::PictureHash as text
    std::string pictureSha256 = {};   ///< of its file
};

/// One examination of one exhibit that is over, as it was recorded.
struct Examination {
    RowId id = 0;
    RowId exhibit = 0;
    std::string method;  ///< "signature detection"
    std::string methodVersion;
    Json models = Json::array();   ///< [{name, sha256}]
    Json params = Json::object();  ///< what it was asked for: models, tiles
    std::string device;
    std::string host;
    std::string examiner;
    std::string startedUtc;
    std::string finishedUtc;
    bool done = false;  ///< false: failed, see problem
    std::string problem;
    examine::Record record;  ///< what was found, each code with its match
    /// The record as it stands in the case, in the words of the version that wrote it; null before it is
    /// recorded.
    Json asRecorded;
};

/// A file made by an examination.
struct Artifact {
    RowId id = 0;
    RowId examination = 0;
    std::string kind;  ///< "heatmap"
    std::string path;  ///< relative to the case folder
    std::string sha256;
};

enum class FindingStatus { Ok, ToBeChecked, Warning };

/// What an analyst (or the program: an integrity failure) states about an exhibit: everything needed to do it
/// again.
struct Finding {
    RowId id = 0;
    RowId exhibit = 0;
    RowId examination = 0;  ///< 0: about the exhibit itself
    FindingStatus status = FindingStatus::ToBeChecked;
    std::string comment;
    Json region = nullptr;         ///< [x, y, width, height] in image pixels, or null
    Json params = Json::object();  ///< of the examination it rests on
    std::string createdUtc;
    std::string author;
    std::vector<RowId> tags;
};

struct Tag {
    RowId id = 0;
    std::string name;
    std::string key;  ///< "1".."9" on the keyboard, or empty
};

struct AuditEntry {
    std::int64_t seq = 0;
    std::string utc;
    std::string actor;
    std::string action;
    std::string subject;  ///< "table:id"
    std::string details;  ///< JSON text, exactly as hashed
    std::string previousHash;
    std::string hash;
};

/// A report that was issued.
struct IssuedReport {
    RowId id = 0;
    int version = 0;
    int supersedes = 0;  ///< version it replaces; 0: none
    std::string format;  ///< "pdf", "html", "json", "csv"
    std::string path;
    std::string sha256;
    std::string status;  ///< "draft", "final", "withdrawn"
    std::string createdUtc;
    std::string author;
    std::string auditHead;  ///< hash of the audit entry the report was made at
};

std::string_view toString(WorkState state);
std::string_view toString(FindingStatus status);

}  // namespace signet::cases
