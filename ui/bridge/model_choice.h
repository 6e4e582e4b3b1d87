#pragma once

#include <QObject>
#include <memory>
#include <string>
#include <vector>

#include "ui/bridge/engine.h"

class QSettings;

namespace signet::ui {

/// Which models examine, on the Inspect page and in cases alike. Until somebody chooses, the default ones:
/// every validated one that no other supersedes. At least one is always chosen. GUI thread.
class ModelChoice : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    struct Offer {
        std::string name;
        std::string title;
        bool validated = false;
        bool isDefault = false;
        bool chosen = false;
    };

    /// What is installed. A chosen model that is not there any more is left out.
    void setCatalogue(std::shared_ptr<const Catalogue> catalogue);
    /// Every installed model that examines, in the order of the list; none before the list was read.
    std::vector<Offer> offers() const;
    /// The last one that is chosen stays so.
    void setChosen(const std::string& name, bool on);
    /// The default models again.
    void reset();

    /// The names to examine with; none stands for the default models.
    std::vector<std::string> names() const;

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    /// What offers or names give is another.
    void changed();

private:
    void choose(std::vector<std::string> names);

    std::shared_ptr<const Catalogue> m_catalogue;
    std::vector<std::string> m_names;  ///< none: the default ones
};

}  // namespace signet::ui
