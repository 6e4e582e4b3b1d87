#pragma once

#include <QString>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/fingerprint/fingerprint_model.h"
#include "core/registry/identification.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/kept_model.h"
#include "ui/bridge/loaded_image.h"

// What FingerprintService has its workers do. Nothing here is for the GUI thread but the plain structs.
namespace signet::ui {

/// Which registered instances are listed.
struct RegistrySearch {
    enum class Status { All, Active, Revoked };
    QString text;  ///< stands in the holder, the note, the model's name or the code; or is the number
    Status status = Status::All;
    std::string model;  ///< by name; empty: of any
};

/// A registry as far as a search shows it.
struct RegistryContents {
    static constexpr std::size_t kMostListed = 5000;

    std::string location;                   ///< without a password
    std::vector<registry::Instance> shown;  ///< the first kMostListed of those that are wanted
    std::int64_t matching = 0, total = 0;
    std::vector<std::string> models;  ///< names of all instances' models
    bool isMissing = false;           ///< there is no registry yet
    std::string problem;              ///< why it could not be read; the rest is empty then
};
using RegistryContentsPtr = std::shared_ptr<const RegistryContents>;

/// How long a person waits for a database server that is away.
inline constexpr double kRegistryPatienceSeconds = 5;

/// Never throws: see RegistryContents::problem.
RegistryContentsPtr readRegistry(const std::string& location, const RegistrySearch& search,
                                 const std::stop_token& stop);

/// The folder of an instance: parent/"studio-north" for the holder "Studio North", or with a number where
/// that is taken.
std::filesystem::path freeInstanceFolder(const std::filesystem::path& parent, const std::string& holder);

using LoadedFingerprintModel = KeptModel<fingerprint::FingerprintModel>;

/// What the search for a picture's instance found.
struct IdentifiedPicture {
    std::filesystem::path path;
    int bits = 0;
    registry::Identification found;
    std::string problem;  ///< why it could not be looked for; the rest is empty then
};
using IdentifiedPtr = std::shared_ptr<const IdentifiedPicture>;

/// Where pictures are looked for, and by what.
struct IdentifyTask {
    std::string registry;
    models::Manifest model;
    std::vector<std::filesystem::path> files;
};

/// Hands over an answer for each file, fewer where it is stopped. Never throws.
void identifyPictures(const IdentifyTask& task, LoadedFingerprintModel& models, EngineHost& host,
                      const std::stop_token& stop,
                      const std::function<void(const IdentifiedPtr&)>& onPicture);

/// Two pictures of one latent with different fingerprints.
struct ResidualRequest {
    models::Manifest model;
    std::string codeA, codeB;  ///< hexadecimal; empty: both are drawn from codeSeed
    std::uint64_t codeSeed = 1;
    std::uint64_t pictureSeed = 1;  ///< of the latent
    int exchanged = 0;  ///< so many of the first bits are B's in the second picture, the others A's
};

struct ResidualPictures {
    static constexpr int kGain = 5;

    std::string codeA, codeB;
    int bits = 0, exchanged = 0;
    LoadedImagePtr first, second;
    LoadedImagePtr residual;  ///< fingerprint::magnifiedResidual with kGain
    std::string problem;      ///< why nothing was drawn; the rest is empty then
};
using ResidualPicturesPtr = std::shared_ptr<const ResidualPictures>;

/// Draws such pictures, and keeps the first of the last pair, which a moving second one is compared with. For
/// one thread at a time.
class ResidualDrawer {
public:
    ResidualDrawer(std::shared_ptr<LoadedFingerprintModel> models, std::shared_ptr<EngineHost> host);

    /// Never throws: see ResidualPictures::problem.
    ResidualPicturesPtr draw(const ResidualRequest& request, const std::stop_token& stop);

private:
    LoadedImagePtr pictureOf(const ResidualRequest& request, const std::vector<std::uint8_t>& code,
                             const std::stop_token& stop);

    std::shared_ptr<LoadedFingerprintModel> m_models;
    std::shared_ptr<EngineHost> m_host;
    std::string m_firstOf;  ///< what m_first was drawn of
    LoadedImagePtr m_first;
};

}  // namespace signet::ui
