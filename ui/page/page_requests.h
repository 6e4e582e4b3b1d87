#pragma once

#include <QObject>
#include <filesystem>
#include <vector>

#include "core/base/json.h"
#include "ui/bridge/named_file.h"

class QAction;

namespace signet::ui {

/// What pages ask of each other and of the window: whoever wants something emits its signal, whoever does it
/// is connected to it. No page knows another. GUI thread.
class PageRequests : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

Q_SIGNALS:
    /// The card of a model, or a help page by its file name without ending.
    void modelCard(const QString& model);
    void method(const QString& helpPage);
    /// Two images beside each other.
    void compare(const signet::ui::NamedFile& original, const signet::ui::NamedFile& copy);
    /// An exhibit among the images. problem: why it is not what was taken in; empty: it was hashed and is.
    void inspect(const signet::ui::NamedFile& file, const QString& problem);
    /// The choice of the models that examine.
    void modelChoice();
    /// The form of a new run: that of a preset, with some of its options set.
    void newRun(const QString& preset, const signet::Json& changed);
    /// The open case is to take these files in.
    void addToCase(const std::vector<std::filesystem::path>& files);
    /// It did, and the page it was asked from is still shown. text: what it did; show: leads to the case.
    void addedToCase(const QString& text, QAction* show);

    /// The page is to be shown; by its id.
    void show(const QString& page);
    /// What a page had running when the window was to close has ended.
    void finished();
};

}  // namespace signet::ui
