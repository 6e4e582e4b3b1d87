#include "ui/itemmodels/manifest_rows.h"

#include <QLocale>
#include <QObject>

#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

QString numberText(std::uint64_t number) {
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qulonglong>(number));
}

}  // namespace

std::vector<KeyValueModel::Row> manifestRows(const models::Manifest& manifest) {
    const QString group = QObject::tr("Manifest");
    std::vector<KeyValueModel::Row> rows{
        {group, QObject::tr("name"), toText(manifest.name)},
        {group, QObject::tr("title"), toText(manifest.title)},
        {group, QObject::tr("kind"), toText(toString(manifest.kind()))},
        {group, QObject::tr("architecture"), toText(manifest.arch)},
        {group, QObject::tr("weights SHA-256"), toText(manifest.weightsSha256)},
        {group, QObject::tr("parameters"), numberText(static_cast<std::uint64_t>(manifest.parameters))},
        {group, QObject::tr("working size"), QObject::tr("%1 × %1 px").arg(manifest.resolution)},
        {group, QObject::tr("validated"), manifest.validated ? QObject::tr("yes") : QObject::tr("no")},
        {group, QObject::tr("folder"), toText(manifest.folder)},
    };
    if (manifest.steps > 0) rows.push_back({group, QObject::tr("trained steps"), numberText(manifest.steps)});
    if (!manifest.supersededBy.empty())
        rows.push_back({group, QObject::tr("superseded by"), toText(manifest.supersededBy)});
    if (manifest.bits() > 0)
        rows.push_back({group, QObject::tr("code bits"), QString::number(manifest.bits())});
    if (const auto* signature = std::get_if<models::SignatureFields>(&manifest.of);
        signature && signature->nominalPsnrDb > 0)  // 0: its strength is set by another measure
        rows.push_back({group, QObject::tr("PSNR at strength 1"),
                        QObject::tr("%1 dB").arg(signature->nominalPsnrDb, 0, 'f', 1)});
    if (const auto* classifier = std::get_if<models::ClassifierFields>(&manifest.of))
        rows.push_back(
            {group, QObject::tr("classes"),
             QObject::tr("%1, %2").arg(toText(classifier->classes[0]), toText(classifier->classes[1]))});
    if (const auto* generator = std::get_if<models::GeneratorFields>(&manifest.of);
        generator && !generator->signature.empty()) {
        rows.push_back({group, QObject::tr("draws the signature of"), toText(generator->signature)});
        rows.push_back({group, QObject::tr("its weights SHA-256"), toText(generator->signatureSha256)});
        if (!generator->codeHex.empty())
            rows.push_back({group, QObject::tr("with the code"), toText(generator->codeHex)});
    }
    if (const auto* generator = std::get_if<models::GeneratorFields>(&manifest.of);
        generator && !generator->tunedFrom.empty())
        rows.push_back({group, QObject::tr("fine-tuned from"), toText(visibleName(generator->tunedFrom))});
    if (const auto* instance = std::get_if<models::InstanceFields>(&manifest.of)) {
        rows.push_back({group, QObject::tr("issued to"), toText(visibleName(instance->holder))});
        rows.push_back({group, QObject::tr("issued"), toText(instance->issuedUtc)});
        rows.push_back({group, QObject::tr("fingerprinted with"), toText(instance->fingerprint)});
    }
    if (manifest.options.is_object()) {
        for (const auto& [key, value] : manifest.options.items()) {
            rows.push_back({QObject::tr("Network"), toText(key), toText(value.dump())});
        }
    }
    return rows;
}

}  // namespace signet::ui
