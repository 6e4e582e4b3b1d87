#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/examine/evaluation.h"
#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::examine {

/// A trained remover as evaluations use it (removal::RemoverModel).
struct Remover {
    models::Manifest manifest;  ///< of kind "remover"
    std::function<image::Image(const image::Image&)> remove;
};

/// What a remover did to the signed pictures of a row before the row's own attack.
struct Removal {
    std::string remover;  ///< name of its model
    std::string removerSha256;
    models::RemoverFields learnedFrom;
    std::optional<int> inTraining;   ///< images in its list of training files; nothing: it has none
    metrics::Spread psnrToSignedDb;  ///< of what it left, to the signed pictures
};

/// Signed and unsigned pictures after one attack, as they are or after a remover; attack begins with
/// kRemoverStep then. quality is to the original pictures, without the row's own attack: of the signed ones,
/// or of what the remover left of these. A signature that is gone from a picture whose PSNR to the original
/// rose was removed; from one whose PSNR fell, ruined.
struct RemovalRow : EvaluationRow {
    std::optional<Removal> removal;
};
inline constexpr const char* kRemoverStep = "remover";

/// What pictures are measured after where options name no attacks: as a file without loss, and as a JPEG.
inline constexpr const char* kAfterRemoval = "none,jpeg:75";

/// Measures presence and code like evaluate, for each of options.attacks twice: of the pictures as they are,
/// and of the same after a trained remover (evaluation.md 6.2), through which signed and unsigned ones pass
/// alike. The remover knows the signing program, and the key where it learned from that (RemoverTraining has
/// the attacker in words); pictures are signed with the public key. options.grid is of no account; keep keeps
/// the records with the model (kRemovalFile). Throws BadOption for a model that is no remover, and what
/// evaluate throws.
std::vector<RemovalRow> measureRemoval(LoadedModel& model, const Remover& remover,
                                       const EvaluationOptions& options, int threads,
                                       const WorkContext& context, std::vector<std::string>* warnings);

/// The record of an EvaluationRow, and "removal": null, or what the remover was and psnr_to_signed_db.
Json toJson(const RemovalRow& row);
/// Throws Json::exception.
RemovalRow removalRowFromJson(const Json& json);

}  // namespace signet::examine
