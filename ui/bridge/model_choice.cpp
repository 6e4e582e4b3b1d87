#include "ui/bridge/model_choice.h"

#include <QSettings>
#include <algorithm>

#include "core/examine/detector.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

const QString kKey = QStringLiteral("models/examining");

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void ModelChoice::setCatalogue(std::shared_ptr<const Catalogue> catalogue) {
    m_catalogue = std::move(catalogue);
    Q_EMIT changed();
}

std::vector<std::string> ModelChoice::names() const {
    if (!m_catalogue) return m_names;
    std::vector<std::string> there;
    for (const ModelEntry& entry : m_catalogue->models)
        if (examine::canDetect(entry.manifest.kind()) && contains(m_names, entry.manifest.name))
            there.push_back(entry.manifest.name);
    return there;
}

std::vector<ModelChoice::Offer> ModelChoice::offers() const {
    std::vector<Offer> offers;
    if (!m_catalogue) return offers;
    const std::vector<std::string> chosen = names();
    for (const ModelEntry& entry : m_catalogue->models) {
        const auto& manifest = entry.manifest;
        if (!examine::canDetect(manifest.kind())) continue;
        offers.push_back({manifest.name, manifest.title, manifest.validated, manifest.isDefault(),
                          chosen.empty() ? manifest.isDefault() : contains(chosen, manifest.name)});
    }
    return offers;
}

void ModelChoice::setChosen(const std::string& name, bool on) {
    std::vector<std::string> chosen;
    bool isStandard = true;
    for (const Offer& offer : offers()) {
        const bool wanted = offer.name == name ? on : offer.chosen;
        if (wanted) chosen.push_back(offer.name);
        if (wanted != offer.isDefault) isStandard = false;
    }
    if (chosen.empty()) {
        Q_EMIT changed();  // who shows the choice takes its tick back
        return;
    }
    choose(isStandard ? std::vector<std::string>() : std::move(chosen));
}

void ModelChoice::reset() {
    choose({});
}

void ModelChoice::choose(std::vector<std::string> names) {
    m_names = std::move(names);
    Q_EMIT changed();
}

void ModelChoice::saveSettings(QSettings& settings) const {
    QStringList list;
    for (const std::string& name : m_names) list << toText(name);
    settings.setValue(kKey, list);
}

void ModelChoice::restoreSettings(const QSettings& settings) {
    std::vector<std::string> names;
    for (const QString& name : settings.value(kKey).toStringList()) names.push_back(name.toStdString());
    choose(std::move(names));
}

}  // namespace signet::ui
