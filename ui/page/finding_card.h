#pragma once

#include "core/examine/examine.h"
#include "ui/bridge/engine.h"
#include "ui/style/widgets.h"

namespace signet::ui {

/// What is known beside a finding.
struct FindingContext {
    const ModelEntry* entry = nullptr;  ///< the model as installed now; null where it is not in the list
    QString keyName;                    ///< of a keyed signature's key; empty: it is not among the kept ones
    QString matchedHolder;              ///< of the registered code that it matches; empty: none
};

/// What one model says about one image, as separate lines of evidence: presence with its score, key,
/// calibration, code with the picture it was registered for, a fingerprint's instance, further signed parts.
/// It draws no conclusion from them together.
class FindingCard : public Card {
    Q_OBJECT
public:
    FindingCard(const examine::Finding& finding, const FindingContext& known, QWidget* parent = nullptr);

Q_SIGNALS:
    void modelCardWanted(const QString& model);
    void methodWanted(const QString& helpPage);

private:
    void addHeader(const examine::Finding& finding, const ModelEntry* entry);
    void addPresence(const examine::Finding& finding);
    void addCalibration(const examine::Finding& finding, const ModelEntry* entry);
    void addKey(const examine::Finding& finding, const QString& name);
    void addCode(const examine::Finding& finding, const FindingContext& known);
    void addInstance(const examine::Finding& finding);
    void addBits(const examine::Finding& finding, const examine::CodeReading& code);
    void addPicture(const examine::KeyedEvidence::Picture& picture);
    void addParts(const examine::KeyedEvidence& keyed);
    void addSection(const QString& objectName, const QString& title, const QString& helpPage);
};

/// "FPR at this threshold: 0 of 612 photographs; 95 % upper limit 0.49 %".
QString falsePositiveText(const examine::Finding& finding);

}  // namespace signet::ui
