#include "core/models/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"

namespace fs = std::filesystem;

namespace signet::models {
namespace {

constexpr const char* kFile = "manifest.json";
constexpr const char* kOnlyWeights = "weights.safetensors";  ///< of a model with one file
constexpr int kMaxDepth = 64;
constexpr std::array kKinds{Kind::Signature,  Kind::Generator,  Kind::Fingerprint,
                            Kind::Instance,   Kind::Classifier, Kind::Remover,
                            Kind::Attributor, Kind::Stamper,    Kind::Autoencoder};

/// What the one file of a manifest without a list of files holds.
std::vector<std::string> usualRoles(Kind kind) {
    switch (kind) {
        case Kind::Signature:
            return {"injector", "detector"};
        case Kind::Fingerprint:
            return {"encoder", "generator", "decoder"};
        case Kind::Generator:
        case Kind::Instance:
            return {"generator"};
        case Kind::Remover:
            return {"restorer"};
        case Kind::Stamper:
            return {"encoder", "decoder"};
        case Kind::Autoencoder:
            return {"autoencoder"};
        case Kind::Classifier:
        case Kind::Attributor:
            break;
    }
    return {"classifier"};
}

Json readObject(const fs::path& path) {
    // Copying and writing a JSON value takes stack for each level.
    const auto notTooDeep = [&](int depth, Json::parse_event_t, const Json&) {
        if (depth > kMaxDepth)
            throw Error(ErrorCode::Corrupt, fmt::format("{} is nested too deeply", path.string()));
        return true;
    };
    Json json = Json::parse(readTextFile(path), notTooDeep, false);
    if (!json.is_object())
        throw Error(ErrorCode::Corrupt, fmt::format("{} is not a JSON object", path.string()));
    return json;
}

Kind kindFrom(const std::string& word) {
    const auto known =
        std::find_if(kKinds.begin(), kKinds.end(), [&](Kind kind) { return toString(kind) == word; });
    if (known == kKinds.end())
        throw Error(ErrorCode::Corrupt, fmt::format("\"{}\" is no kind of model this version knows", word));
    return *known;
}

void readFields(Manifest& m, Kind kind, const Json& json) {
    const auto text = [&](const char* key) { return json.at(key).get<std::string>(); };
    const auto given = [&](const char* key) { return json.value(key, std::string()); };
    const auto number = [&](const char* key) { return strictValue<int>(json.at(key), key); };
    switch (kind) {
        case Kind::Signature:
            m.of = SignatureFields{number("bits"), json.at("nominal_psnr_db").get<double>()};
            break;
        case Kind::Generator:
            m.of = GeneratorFields{number("latent"), given("signature"),  given("signature_sha256"),
                                   given("code"),    given("tuned_from"), given("tuned_from_sha256")};
            break;
        case Kind::Fingerprint:
            m.of = FingerprintFields{number("bits"), text("generator")};
            break;
        case Kind::Instance:
            m.of = InstanceFields{text("fingerprint"), text("fingerprint_sha256"), text("holder"),
                                  text("issued_utc")};
            break;
        case Kind::Classifier:
            m.of = ClassifierFields{json.at("classes").get<std::array<std::string, 2>>()};
            break;
        case Kind::Remover:
            m.of = RemoverFields{text("signature"), text("signature_sha256"), text("keys")};
            break;
        case Kind::Attributor:
            m.of = AttributorFields{json.at("classes").get<std::vector<std::string>>()};
            break;
        case Kind::Stamper:
            m.of = StamperFields{number("bits")};
            break;
        case Kind::Autoencoder:
            m.of = AutoencoderFields{number("factor")};
            break;
    }
}

void writeFields(Json& json, const SignatureFields& f) {
    json["bits"] = f.bits;
    json["nominal_psnr_db"] = f.nominalPsnrDb;
}
void writeFields(Json& json, const GeneratorFields& f) {
    json["latent"] = f.latent;
    if (!f.signature.empty()) {
        json["signature"] = f.signature;
        json["signature_sha256"] = f.signatureSha256;
        json["code"] = f.codeHex;
    }
    if (!f.tunedFrom.empty()) {
        json["tuned_from"] = f.tunedFrom;
        json["tuned_from_sha256"] = f.tunedFromSha256;
    }
}
void writeFields(Json& json, const FingerprintFields& f) {
    json["bits"] = f.bits;
    json["generator"] = f.generator;
}
void writeFields(Json& json, const InstanceFields& f) {
    json["fingerprint"] = f.fingerprint;
    json["fingerprint_sha256"] = f.fingerprintSha256;
    json["holder"] = f.holder;
    json["issued_utc"] = f.issuedUtc;
}
void writeFields(Json& json, const ClassifierFields& f) {
    json["classes"] = f.classes;
}
void writeFields(Json& json, const RemoverFields& f) {
    json["signature"] = f.signature;
    json["signature_sha256"] = f.signatureSha256;
    json["keys"] = f.keys;
}
void writeFields(Json& json, const AttributorFields& f) {
    json["classes"] = f.classes;
}
void writeFields(Json& json, const StamperFields& f) {
    json["bits"] = f.bits;
}
void writeFields(Json& json, const AutoencoderFields& f) {
    json["factor"] = f.factor;
}

std::vector<WeightFile> weightsFrom(const Json& json, Kind kind) {
    const auto list = json.find("weights");
    if (list == json.end())
        return {{usualRoles(kind), kOnlyWeights, json.at("weights_sha256").get<std::string>()}};
    std::vector<WeightFile> files;
    for (const Json& entry : *list) {
        files.push_back({entry.at("roles").get<std::vector<std::string>>(),
                         entry.at("file").get<std::string>(), entry.at("sha256").get<std::string>()});
        // A manifest may come from anywhere: its files lie in its folder.
        if (fs::path(files.back().file).filename() != files.back().file)
            throw Error(ErrorCode::Corrupt,
                        fmt::format("\"{}\" is no name of a file of weights", files.back().file));
    }
    if (files.empty()) throw Error(ErrorCode::Corrupt, "a model has at least one file of weights");
    return files;
}

Json weightsJson(const std::vector<WeightFile>& files) {
    Json list = Json::array();
    for (const WeightFile& file : files)
        list.push_back({{"file", file.file}, {"roles", file.roles}, {"sha256", file.sha256}});
    return list;
}

}  // namespace

std::string_view toString(Kind kind) {
    static constexpr std::array<std::string_view, kKinds.size()> kNames{
        "signature", "generator",  "fingerprint", "instance",   "classifier",
        "remover",   "attributor", "stamper",     "autoencoder"};
    return kNames[static_cast<std::size_t>(kind)];
}

int Manifest::bits() const {
    if (const auto* signature = std::get_if<SignatureFields>(&of)) return signature->bits;
    if (const auto* fingerprint = std::get_if<FingerprintFields>(&of)) return fingerprint->bits;
    if (const auto* stamper = std::get_if<StamperFields>(&of)) return stamper->bits;
    return 0;
}

const Json& Manifest::firstTraining() const {
    const bool isTuned = training.is_object() && training.contains(kTrainedBefore);
    return isTuned ? training.at(kTrainedBefore) : training;
}

const WeightFile& Manifest::weightsFor(std::string_view role) const {
    for (const WeightFile& file : weights)
        if (std::find(file.roles.begin(), file.roles.end(), role) != file.roles.end()) return file;
    throw Error(ErrorCode::Corrupt, fmt::format("{} has no weights of a network for \"{}\"", name, role));
}

void Manifest::setWeights(std::vector<WeightFile> files) {
    weights = std::move(files);
    weightsSha256 = weights.size() == 1 ? weights.front().sha256 : sha256Hex(weightsJson(weights).dump());
}

Manifest readManifest(const fs::path& folder) {
    const Json json = readObject(folder / kFile);
    try {
        Manifest m;
        m.folder = folder;
        m.name = json.at("name").get<std::string>();
        m.title = json.value("title", m.name);
        const Kind kind = kindFrom(json.at("kind").get<std::string>());
        m.arch = json.at("arch").get<std::string>();
        m.setWeights(weightsFrom(json, kind));
        m.parameters = strictValue<std::int64_t>(json.at("parameters"), "parameters");
        m.resolution = strictValue<int>(json.at("resolution"), "resolution");
        m.validated = json.at("validated").get<bool>();
        m.supersededBy = json.value("superseded_by", std::string());
        m.options = json.at("options");
        m.training = json.value("training", Json());
        if (json.contains("steps")) m.steps = strictValue<std::uint64_t>(json["steps"], "steps");
        m.run = json.value("run", Json());
        readFields(m, kind, json);
        return m;
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt,
                    fmt::format("{} lacks a field: {}", (folder / kFile).string(), error.what()));
    } catch (const Error& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("{}: {}", (folder / kFile).string(), error.what()));
    }
}

void saveManifest(const Manifest& m) {
    const fs::path path = m.folder / kFile;
    Json json = fs::exists(path) ? readObject(path) : Json::object();
    json["name"] = m.name;
    json["title"] = m.title;
    json["kind"] = toString(m.kind());
    json["arch"] = m.arch;
    json.erase("weights_sha256");  // of earlier versions
    json["weights"] = weightsJson(m.weights);
    json["parameters"] = m.parameters;
    json["resolution"] = m.resolution;
    json["validated"] = m.validated;
    if (!m.supersededBy.empty()) json["superseded_by"] = m.supersededBy;
    std::visit([&](const auto& fields) { writeFields(json, fields); }, m.of);
    json["options"] = m.options;
    if (!m.training.is_null()) json["training"] = m.training;
    if (m.steps > 0) json["steps"] = m.steps;
    if (!m.run.is_null()) json["run"] = m.run;
    writeFileAtomically(path, json.dump(2) + "\n", IfExists::Replace);
}

Json toJson(const Manifest& m) {
    Json json = {{"name", m.name},
                 {"title", m.title},
                 {"kind", toString(m.kind())},
                 {"arch", m.arch},
                 {"sha256", m.weightsSha256},
                 {"parameters", m.parameters},
                 {"validated", m.validated},
                 {"resolution", m.resolution},
                 {"weights", weightsJson(m.weights)},
                 {"folder", m.folder.string()}};
    if (!m.supersededBy.empty()) json["superseded_by"] = m.supersededBy;
    std::visit([&](const auto& fields) { writeFields(json, fields); }, m.of);
    return json;
}

}  // namespace signet::models
