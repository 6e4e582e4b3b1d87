#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/examine/attacker.h"
#include "core/examine/evaluation.h"

namespace signet::examine {

/// What an attacker did to the pictures of a row before the row's own attack.
struct Removal {
    std::string attacker;            ///< Attacker::name()
    Json settings = Json::object();  ///< Attacker::settings()
    std::optional<int> inTraining;   ///< images in its model's list of training files; nothing: it has none
    metrics::Spread psnrToSignedDb;  ///< of what it left of the signed pictures, to these
    // Not in records of before there were several attackers.
    metrics::Spread psnrToUnsignedDb{};  ///< of what it made of the unsigned ones, to these
    double secondsPerPicture = 0;
};

/// Signed and unsigned pictures after one attack, as they are or after an attacker; attack begins with the
/// attacker's name then. quality is to the original pictures, without the row's own attack: of the signed
/// ones, or of what the attacker left of these. A signature that is gone from a picture whose PSNR to the
/// original rose was removed; from one whose PSNR fell, ruined.
struct RemovalRow : EvaluationRow {
    std::optional<Removal> removal;
};

/// What pictures are measured after where options name no attacks: as a file without loss, and as a JPEG.
inline constexpr const char* kAfterRemoval = "none,jpeg:75";

/// Measures presence and code like evaluate, for each of options.attacks: of the pictures as they are, and of
/// the same after each attacker (evaluation.md 6), through which signed and unsigned ones pass alike.
/// Pictures are signed with the public key. options.grid is of no account; keep keeps the records with the
/// model (kRemovalFile). Throws what evaluate and the attackers throw.
std::vector<RemovalRow> measureRemoval(LoadedModel& model,
                                       const std::vector<std::unique_ptr<Attacker>>& attackers,
                                       const EvaluationOptions& options, int threads,
                                       const WorkContext& context, std::vector<std::string>* warnings);

/// The record of an EvaluationRow, and "removal": null, or the attacker's settings, its name and the rest.
Json toJson(const RemovalRow& row);
/// Throws Json::exception.
RemovalRow removalRowFromJson(const Json& json);

}  // namespace signet::examine
