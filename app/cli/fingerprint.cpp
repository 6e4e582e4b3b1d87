#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "app/cli/fingerprint_model_choice.h"
#include "app/cli/inputs.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/cases/database_url.h"
#include "core/fingerprint/fingerprint_model.h"
#include "core/image/decode.h"
#include "core/models/model_store.h"
#include "core/registry/identification.h"
#include "core/registry/issue.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

using fingerprint::FingerprintModel;
using registry::CodeAgreement;
using registry::Identification;
using registry::Instance;
using registry::InstanceRegistry;

struct FingerprintArguments {
    std::string registry;  ///< empty: the workspace's
    std::string actor;
    std::string model;
    std::vector<std::string> paths;
    bool recursive = false;
    bool paperRule = false;
    double alpha = 1e-6;
    registry::IssueRequest issue;
    std::string folder;
    std::string licenceFile;
    std::string file;
    std::string holder;
    registry::RowId id = 0;
    std::string reason;
    std::string head;
    bool force = false;
};

InstanceRegistry openRegistry(Session& session, const FingerprintArguments& arguments, bool readOnly) {
    const std::string location = arguments.registry.empty()
                                     ? InstanceRegistry::fileIn(session.options().workspaceFolder()).string()
                                     : arguments.registry;
    registry::RegistryOptions options;
    options.actor = arguments.actor;
    if (options.actor.empty())
        if (const char* user = std::getenv("USER")) options.actor = toUtf8(user);
    options.readOnly = readOnly;
    return {location, options};
}

Json instanceRecord(const Instance& i) {
    return {{"id", i.id},
            {"holder", i.holder},
            {"code", i.codeHex},
            {"bits", i.bits},
            {"model", i.model},
            {"model_sha256", i.modelSha256},
            {"generator_sha256", i.generatorSha256.empty() ? Json() : Json(i.generatorSha256)},
            {"issued_utc", i.issuedUtc},
            {"status", i.revoked ? "revoked" : "active"},
            {"reason", i.reason.empty() ? Json() : Json(i.reason)},
            {"notes", i.notes}};
}

void issueInstance(Session& session, const FingerprintArguments& arguments) {
    const models::Manifest manifest = fingerprintingModel(session, arguments.model);
    registry::IssueRequest request = arguments.issue;
    request.folder = arguments.folder;
    if (!arguments.licenceFile.empty()) request.licence = readTextFile(arguments.licenceFile);
    Instance instance;
    const double seconds = secondsOf([&] {
        FingerprintModel model(manifest, session.options().device, session.options().threadCount());
        InstanceRegistry registry = openRegistry(session, arguments, false);
        instance = registry::issue(model, registry, request);
    });
    Json record = instanceRecord(instance);
    record["output"] = toUtf8(arguments.folder);
    record["seconds"] = seconds;
    session.emit(record,
                 fmt::format("{}: instance {} of {}, issued to {} in {:.1f} s. Its code {} stands in the "
                             "registry alone.",
                             shown(arguments.folder), instance.id, instance.model, shown(instance.holder),
                             seconds, instance.codeHex));
}

Json agreementRecord(const CodeAgreement& a) {
    return {{"instance", a.instance.id},
            {"holder", a.instance.holder},
            {"model", a.instance.model},
            {"status", a.instance.revoked ? "revoked" : "active"},
            {"code", a.instance.codeHex},
            {"matched", a.matched},
            {"n", a.instance.bits},
            {"p_value", std::pow(10, a.log10P)},
            {"p_value_corrected", std::pow(10, a.log10PCorrected)},
            {"log10_p_corrected", a.log10PCorrected},
            {"log10_support", a.log10Support}};
}

std::string identificationText(const Identification& found) {
    if (!found.nearest) return "the registry has no instance of this model";
    const Instance& nearest = found.nearest->instance;
    if (found.accepted)
        return fmt::format("instance {}, issued to {}{}", nearest.id, shown(nearest.holder),
                           nearest.revoked ? ", REVOKED" : "");
    if (!found.rivals.empty())
        return fmt::format("none: {} and {} are as near", shown(nearest.holder),
                           shown(found.rivals.front().instance.holder));
    return "no registered instance";
}

void identifyImages(Session& session, const FingerprintArguments& arguments) {
    const models::Manifest manifest = fingerprintingModel(session, arguments.model);
    FingerprintModel model(manifest, session.options().device, session.options().threadCount());
    InstanceRegistry registry = openRegistry(session, arguments, true);
    registry::IdentifyOptions options;
    options.rule =
        arguments.paperRule ? registry::AcceptanceRule::PaperOverlap : registry::AcceptanceRule::PValue;
    options.alpha = arguments.alpha;
    options.threads = session.options().threadCount();
    registry::Identifier identifier(registry, manifest.weightsSha256, model.bits(), options);
    const image::FoundImages found =
        image::findImages(toPaths(arguments.paths), {.recursive = arguments.recursive}, session.stop());
    using enum Table::Align;
    const Table table({{"image", kPathColumns, Left},
                       {"bits", 9, Right},
                       {"p, corrected", 12, Right},
                       {"made by", 30, Left}});
    session.line(found.files.empty() ? kNoImages : table.header());
    for (std::size_t i = 0; i < found.files.size() && !session.stopRequested(); ++i) {
        const fs::path& path = found.files[i];
        session.progress(i, found.files.size(), shown(path.filename()));
        try {
            const Bytes file = readFile(path);
            const image::Decoded decoded = image::decode(file);
            const Identification answer = identifier.identify(model.decode(decoded.image));
            const bool resized = decoded.image.width != model.side() || decoded.image.height != model.side();
            Json rivals = Json::array();
            for (const CodeAgreement& rival : answer.rivals) rivals.push_back(agreementRecord(rival));
            session.emit(
                {{"path", toUtf8(path.native())},
                 {"sha256", sha256Hex(file)},
                 {"model", manifest.name},
                 {"model_sha256", manifest.weightsSha256},
                 {"decoded", answer.decodedHex},
                 {"resized", resized},
                 {"best", answer.nearest ? agreementRecord(*answer.nearest) : Json()},
                 {"rivals", rivals},
                 {"needed", answer.needed},
                 {"rule", arguments.paperRule ? "overlap of 95 %" : "p-value"},
                 {"database_size", answer.databaseSize},
                 {"accepted", answer.accepted}},
                table.row({truncateFront(shown(path), kPathColumns),
                           answer.nearest ? fmt::format("{}/{}", answer.nearest->matched, model.bits())
                                          : std::string(),
                           answer.nearest
                               ? fmt::format("{:.1e}", std::pow(10, answer.nearest->log10PCorrected))
                               : std::string(),
                           identificationText(answer)}));
        } catch (const Error& error) {
            session.fail(path, error);
        }
    }
    reportLeftOut(session, found.leftOut);
}

void listInstances(Session& session, const FingerprintArguments& arguments) {
    InstanceRegistry registry = openRegistry(session, arguments, true);
    using enum Table::Align;
    const Table table({{"id", 6, Right},
                       {"holder", 28, Left},
                       {"model", 18, Left},
                       {"code", 32, Left},
                       {"issued", 20, Left},
                       {"status", 8, Left}});
    session.line(table.header());
    registry.each(arguments.holder, [&](const Instance& i) {
        session.emit(instanceRecord(i),
                     table.row({std::to_string(i.id), truncateColumns(shown(i.holder), 28),
                                truncateColumns(i.model, 18), i.codeHex, i.issuedUtc.substr(0, 19),
                                i.revoked ? "revoked" : "active"}));
    });
}

void importInstances(Session& session, const FingerprintArguments& arguments) {
    InstanceRegistry registry = openRegistry(session, arguments, false);
    const registry::ImportResult result = registry.importCsv(arguments.file, session.context());
    for (const registry::BadRow& row : result.bad) {
        session.emit({{"line", row.line}, {"error", {{"code", "bad_row"}, {"message", row.message}}}},
                     fmt::format("line {}: {}", row.line, row.message));
        session.countFailure();
    }
    session.emit({{"imported", result.imported}, {"left_out", result.bad.size()}},
                 fmt::format("{} instances imported, {} rows left out", result.imported, result.bad.size()));
}

void exportInstances(Session& session, const FingerprintArguments& arguments) {
    InstanceRegistry registry = openRegistry(session, arguments, false);
    const std::int64_t count = registry.exportCsv(arguments.file, arguments.force, session.context());
    session.emit({{"output", toUtf8(arguments.file)}, {"instances", count}},
                 fmt::format("{}: {} instances", shown(arguments.file), count));
}

void revokeInstance(Session& session, const FingerprintArguments& arguments) {
    InstanceRegistry registry = openRegistry(session, arguments, false);
    registry.revoke(arguments.id, arguments.reason);
    const Instance instance = registry.find(arguments.id);
    session.emit(instanceRecord(instance), fmt::format("Instance {} of {}, issued to {}, is revoked",
                                                       instance.id, instance.model, shown(instance.holder)));
}

void verifyRegistry(Session& session, const FingerprintArguments& arguments) {
    InstanceRegistry registry = openRegistry(session, arguments, true);
    const cases::ChainCheck check = registry.verify(arguments.head);
    Json problems = Json::array();
    for (const cases::Problem& problem : check.problems) {
        problems.push_back(
            {{"kind", problem.kind}, {"subject", problem.subject}, {"message", problem.message}});
        session.line(fmt::format("{}: {}", problem.subject, problem.message));
        session.countFailure();
    }
    session.emit({{"ok", check.problems.empty()},
                  {"problems", problems},
                  {"audit_entries", check.auditEntries},
                  {"rows", check.rows},
                  {"head", check.head}},
                 fmt::format("{}: {} entries in the audit log, {} rows, head {}",
                             check.problems.empty() ? "as it was written" : "NOT as it was written",
                             check.auditEntries, check.rows, check.head));
}

}  // namespace

models::Manifest fingerprintingModel(Session& session, const std::string& name) {
    const fs::path workspace = session.options().workspaceFolder();
    if (!name.empty()) return models::findModel(name, workspace);
    std::vector<models::Manifest> found;
    for (models::Manifest& manifest : models::listModels(workspace))
        if (manifest.kind() == models::Kind::Fingerprint) found.push_back(std::move(manifest));
    if (found.empty())
        throw Error(ErrorCode::NotFound,
                    "there is no fingerprinting model: train one (signet train fingerprint-cats)");
    if (found.size() > 1)
        throw Error(ErrorCode::BadOption, "there are several fingerprinting models: choose one with --model");
    return found.front();
}

void addFingerprint(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& group = *app.add_subcommand(
        "fingerprint",
        "Fingerprinted generators: issue one to a holder, find whose generator drew a picture, keep the "
        "registry");
    group.footer("Example:\n  signet fingerprint issue --holder \"Studio North\" -o studio-north/");
    group.require_subcommand(1);
    const auto sub = [&](CLI::App& parent, const char* name, const char* description, const char* example,
                         void (*body)(Session&, const FingerprintArguments&)) {
        auto arguments = std::make_shared<FingerprintArguments>();
        CLI::App& added = addSubcommand(parent, common, name, description, example);
        addRegistry(added, arguments->registry);
        added.callback([&common, &status, body, arguments] {
            status = runCommand(common, [&](Session& session) { body(session, *arguments); });
        });
        return std::pair<CLI::App*, std::shared_ptr<FingerprintArguments>>(&added, arguments);
    };
    const auto addActor = [](CLI::App& added, FingerprintArguments& arguments) {
        added.add_option("--actor", arguments.actor,
                         "Who does this, as the audit log has it (default: the user's name)");
    };
    const auto addModel = [](CLI::App& added, FingerprintArguments& arguments) {
        added.add_option("-m,--model", arguments.model,
                         "Fingerprinting model, by name or folder (default: the only one there is)");
    };

    {
        auto [issuing, a] =
            sub(group, "issue", "Issue a generator with a fingerprint of its own",
                "signet fingerprint issue --holder \"Studio North\" -o studio-north/", issueInstance);
        addModel(*issuing, *a);
        addActor(*issuing, *a);
        issuing->add_option("--holder", a->issue.holder, "To whom it is issued")->required();
        issuing->add_option("-o,--output", a->folder, "Folder of the instance; must not be there yet")
            ->required();
        issuing->add_option("--notes", a->issue.notes, "One line for the registry");
        issuing->add_option("--licence", a->licenceFile, "Text file that is laid beside the generator");
    }
    {
        auto [identifying, a] = sub(group, "identify", "Find the instance that drew a picture",
                                    "signet fingerprint identify found/*.png", identifyImages);
        addModel(*identifying, *a);
        identifying->add_option("PATH", a->paths, "Images, or folders of images")->required();
        identifying
            ->add_option("--alpha", a->alpha,
                         "Accepted where so many bits agree by chance, of any registered code, with at "
                         "most this probability")
            ->check(CLI::Range(1e-300, 0.5))
            ->capture_default_str();
        identifying->add_flag(
            "--paper-rule", a->paperRule,
            "Accept at 95 % of the bits instead, as paper B does (121 of 128), whatever the "
            "registry's size: pictures that were treated are lost by it");
        identifying->add_flag("-r,--recursive", a->recursive, "Also the images in sub-folders");
    }
    addFingerprintEvaluate(group, common, status);
    CLI::App& keeping = *group.add_subcommand("registry", "The instances that were issued, and to whom");
    keeping.footer("Example:\n  signet fingerprint registry list");
    keeping.require_subcommand(1);
    {
        auto [listing, a] = sub(keeping, "list", "The registered instances",
                                "signet fingerprint registry list", listInstances);
        listing->add_option("--holder", a->holder, "Only those whose holder's name contains this");
    }
    {
        auto [importing, a] = sub(
            keeping, "import", "Register the instances of a CSV file; bad rows are named, the others taken",
            "signet fingerprint registry import instances.csv", importInstances);
        importing->add_option("FILE", a->file, "What registry export wrote")->required();
        addActor(*importing, *a);
    }
    {
        auto [exporting, a] = sub(keeping, "export", "Write the registry as CSV",
                                  "signet fingerprint registry export -o instances.csv", exportInstances);
        exporting->add_option("-o,--output", a->file, "File to write")->required();
        exporting->add_flag("--force", a->force, "Replace the file if it exists");
        addActor(*exporting, *a);
    }
    {
        auto [revoking, a] =
            sub(keeping, "revoke", "Mark an instance as revoked: a match then says so",
                "signet fingerprint registry revoke 3 --reason \"handed on\"", revokeInstance);
        revoking->add_option("ID", a->id, "Number of the instance")->required();
        revoking->add_option("--reason", a->reason, "Why")->required();
        addActor(*revoking, *a);
    }
    {
        auto [verifying, a] = sub(keeping, "verify", "Check the audit log and the rows it tells of",
                                  "signet fingerprint registry verify", verifyRegistry);
        verifying->add_option("--head", a->head, "A head that verify printed before: it must be in the log");
    }
}

}  // namespace signet::cli
