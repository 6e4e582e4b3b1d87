#pragma once

#include "core/examine/examine.h"
#include "ui/bridge/engine.h"
#include "ui/style/widgets.h"

namespace signet::ui {

/// What one model says about one image, as separate lines of evidence: presence with its score, calibration,
/// code. It draws no conclusion from them together.
class FindingCard : public Card {
    Q_OBJECT
public:
    /// entry: the model as installed now; null where it is not in the list.
    FindingCard(const examine::Finding& finding, const ModelEntry* entry, QWidget* parent = nullptr,
                const QString& matchedHolder = {});

Q_SIGNALS:
    void modelCardWanted(const QString& model);
    void methodWanted(const QString& helpPage);

private:
    void addHeader(const examine::Finding& finding, const ModelEntry* entry);
    void addPresence(const examine::Finding& finding);
    void addCalibration(const examine::Finding& finding, const ModelEntry* entry);
    void addCode(const examine::Finding& finding, const ModelEntry* entry, const QString& matchedHolder);
    void addSection(const QString& objectName, const QString& title, const QString& helpPage);
};

/// "FPR at this threshold: 0 of 612 photographs; 95 % upper limit 0.49 %".
QString falsePositiveText(const examine::Finding& finding);

}  // namespace signet::ui
