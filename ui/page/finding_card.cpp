#include "ui/page/finding_card.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QGridLayout>
#include <QVBoxLayout>
#include <cmath>
#include <numbers>

#include "core/base/text.h"
#include "core/examine/claim.h"
#include "core/examine/conditions.h"
#include "core/examine/findings.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/keyed_text.h"
#include "ui/itemmodels/presence_text.h"
#include "ui/page/bit_grid.h"
#include "ui/plot/calibration_plot.h"
#include "ui/style/elided_label.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"

namespace signet::ui {
namespace {

const QString kKeyedHelp = QStringLiteral("keyed-signature");
const QString kFingerprintHelp = QStringLiteral("fingerprints");

QColor presenceColour(examine::Presence presence) {
    switch (presence) {
        case examine::Presence::Present:
            return meaningColours().accent;
        case examine::Presence::Inconclusive:
            return meaningColours().inconclusive;
        case examine::Presence::Absent:
            return meaningColours().absent;
    }
    return {};
}

}  // namespace

QString falsePositiveText(const examine::Finding& finding) {
    const examine::Rate& rate = finding.falsePositiveRate;
    if (rate.n <= 0) return QObject::tr("FPR at this threshold: not measured");
    if (finding.isOutside()) {
        QStringList reasons;
        for (const std::string& reason : *finding.outside) reasons << toText(reason);
        return QObject::tr("FPR at this threshold: not known, the image is outside the calibration: %1")
            .arg(reasons.join(QStringLiteral("; ")));
    }
    const QString text = QObject::tr("FPR at this threshold: %1 of %2 photographs; 95 % upper limit %3")
                             .arg(static_cast<int>(std::lround(rate.value * rate.n)))
                             .arg(rate.n)
                             .arg(percentText(rate.upper95));
    return rate.measuredOn.empty() ? text
                                   : QObject::tr("%1. Measured on %2").arg(text, toText(rate.measuredOn));
}

FindingCard::FindingCard(const examine::Finding& finding, const FindingContext& known, QWidget* parent)
    : Card(QStringLiteral("findingCard_") + toText(finding.model), parent) {
    addHeader(finding, known.entry);
    addPresence(finding);
    if (finding.keyed) addKey(finding, known.keyName);
    const bool isCalibrated = known.entry && known.entry->calibration;
    if (!isPValue(finding) || isCalibrated) addCalibration(finding, known.entry);  // a p-value needs none
    if (finding.kind == models::Kind::Fingerprint)
        addInstance(finding);
    else if (finding.kind != models::Kind::Classifier)
        addCode(finding, known);
    const bool isReported = finding.presence == examine::Presence::Present;
    if (isReported && finding.keyed && finding.keyed->regions.size() > 1) addParts(*finding.keyed);
}

void FindingCard::addHeader(const examine::Finding& finding, const ModelEntry* entry) {
    const QString name = toText(finding.model);
    auto* row = new QHBoxLayout;
    row->addWidget(makeHeading(QStringLiteral("findingModel"), name, this));
    if (entry) {
        const bool validated = entry->manifest.validated;
        row->addWidget(makeBadge(QStringLiteral("validationBadge"),
                                 validated ? tr("validated") : tr("not validated"),
                                 validated ? "validated" : "unvalidated", this));
    }
    row->addStretch(1);
    QToolButton* why = makeLinkButton(QStringLiteral("whyButton"), tr("Why?"), this);
    why->setAccessibleName(tr("Why? Model card of %1").arg(name));
    why->setToolTip(
        tr("Opens the model card: what this model was trained on, measured and is known to miss"));
    connect(why, &QToolButton::clicked, this, [this, name] { Q_EMIT modelCardWanted(name); });
    row->addWidget(why);
    body()->addLayout(row);
}

void FindingCard::addSection(const QString& objectName, const QString& title, const QString& helpPage) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 4, 0, 0);
    QLabel* label = makeNote(objectName, title, this);
    label->setWordWrap(false);
    row->addWidget(label);
    row->addStretch(1);
    QToolButton* method = makeLinkButton(objectName + QStringLiteral("Help"), tr("Method"), this);
    method->setAccessibleName(tr("Help about the method: %1").arg(title));
    method->setToolTip(tr("Opens the help page of this method"));
    connect(method, &QToolButton::clicked, this, [this, helpPage] { Q_EMIT methodWanted(helpPage); });
    row->addWidget(method);
    body()->addLayout(row);
}

void FindingCard::addPresence(const examine::Finding& finding) {
    const QString claimed = toText(examine::claimOf(finding).line);
    addSection(QStringLiteral("presenceHeading"), claimed,
               finding.keyed                               ? kKeyedHelp
               : finding.kind == models::Kind::Fingerprint ? kFingerprintHelp
                                                           : QStringLiteral("presence"));
    auto* answer = new QHBoxLayout;
    auto* symbol = new QLabel(this);
    symbol->setObjectName(QStringLiteral("presenceSymbol"));
    symbol->setPixmap(iconPixmap(presenceIcon(finding.presence), 20, presenceColour(finding.presence),
                                 devicePixelRatioF()));
    QLabel* word = makeLabel(QStringLiteral("presenceWord"), toText(examine::answerOf(finding)), this);
    word->setProperty("role", "presence");
    word->setAccessibleName(tr("%1: %2").arg(claimed, word->text()));
    answer->addWidget(symbol);
    answer->addWidget(word);
    answer->addStretch(1);
    body()->addLayout(answer);

    QString scores = (isPValue(finding) ? tr("%2 %1 · threshold %3") : tr("score %1 %2 · threshold %3"))
                         .arg(scoreText(finding, finding.scoreLogit), scoreUnit(isPValue(finding)),
                              scoreText(finding, finding.threshold));
    if (finding.lowerThreshold < finding.threshold) {
        scores += tr(" · inconclusive from %1").arg(scoreText(finding, finding.lowerThreshold));
    }
    QLabel* line = makeLabel(QStringLiteral("scoreLine"), scores, this, true);
    line->setWordWrap(true);
    body()->addWidget(line);
    if (finding.keyed) {
        QLabel* chance = makeLabel(QStringLiteral("pValueLine"), pValueText(*finding.keyed), this, true);
        chance->setWordWrap(true);
        body()->addWidget(chance);
        body()->addWidget(makeNote(QStringLiteral("pValueParts"), pValuePartsText(*finding.keyed), this));
    }
    if (finding.kind == models::Kind::Fingerprint && finding.match) {
        QLabel* chance = makeLabel(QStringLiteral("pValueLine"), pValueText(*finding.match), this, true);
        chance->setWordWrap(true);
        body()->addWidget(chance);
    }
    if (finding.geometriesTried > 1) {
        QString text = tr("best of %1 geometries tried").arg(finding.geometriesTried);
        const auto& g = finding.geometry;
        const bool identity = g == std::array<double, 6>{1, 0, 0, 0, 1, 0};
        if (!identity && finding.presence != examine::Presence::Absent) {
            const bool mirrored = g[0] * g[4] - g[1] * g[3] < 0;
            const double sign = mirrored ? -1 : 1;
            const double degrees = std::atan2(sign * g[3], sign * g[0]) * 180.0 / std::numbers::pi;
            text += tr("; located %1turned by %2°, enlarged %3 times")
                        .arg(mirrored ? tr("mirrored, ") : QString())
                        .arg(degrees, 0, 'f', 1)
                        .arg(std::hypot(g[0], g[3]), 0, 'f', 2);
        }
        body()->addWidget(makeNote(QStringLiteral("geometryLine"), text, this));
    }
}

void FindingCard::addCalibration(const examine::Finding& finding, const ModelEntry* entry) {
    addSection(QStringLiteral("calibrationHeading"), tr("Calibration"), QStringLiteral("calibration"));
    if (entry && entry->calibration) {
        auto* plot = new CalibrationPlot(this);
        plot->setObjectName(QStringLiteral("calibrationPlot"));
        const models::Calibration& known = *entry->calibration;
        plot->setColours({meaningColours().unsignedSeries, meaningColours().signedSeries,
                          palette().color(QPalette::Text)});
        const examine::SetWords words = examine::claimOf(finding).sets;
        plot->setData({known.unsignedScores, known.signedScores, finding.lowerThreshold, finding.threshold,
                       scoreUnit(isPValue(finding)), toText(words.positives), toText(words.negatives)});
        plot->setScore(finding.scoreLogit);
        body()->addWidget(plot);
    }
    QLabel* rate = makeLabel(QStringLiteral("falsePositiveLine"), falsePositiveText(finding), this, true);
    rate->setWordWrap(true);
    body()->addWidget(rate);
    if (!entry || !entry->calibration) {
        body()->addWidget(
            makeNote(QStringLiteral("noCalibrationNote"),
                     tr("No calibration is installed for this model, so its score cannot be set "
                        "against measured ones."),
                     this));
        return;
    }
    const models::Calibration& known = *entry->calibration;
    const QString originals = known.originals > 0 ? tr(" of %1 originals").arg(known.originals) : QString();
    QString note = tr("The model is calibrated on %1%2, used neither in training nor in tests.")
                       .arg(countText(known.photographs, "photograph"), originals);
    if (finding.isOutside() || finding.falsePositiveRate.measuredOn.empty())  // else the rate says it
        note += tr(" They were %1.").arg(toText(examine::conditionOf(known)));
    body()->addWidget(makeNote(QStringLiteral("calibrationNote"), note, this));
}

void FindingCard::addKey(const examine::Finding& finding, const QString& name) {
    const examine::KeyedEvidence& keyed = *finding.keyed;
    addSection(QStringLiteral("keyHeading"), tr("Key"), kKeyedHelp);
    if (finding.presence == examine::Presence::Absent) {
        body()->addWidget(makeNote(
            QStringLiteral("keyNote"),
            tr("Looked for with %1: no signature of theirs is found.").arg(countText(keyed.keysTried, "key")),
            this));
        return;
    }
    if (finding.presence == examine::Presence::Inconclusive && keyed.keysTried > 1)
        body()->addWidget(makeNote(QStringLiteral("bestKeyNote"),
                                   tr("Of the %1 tried this one fits best; that alone says nothing.")
                                       .arg(countText(keyed.keysTried, "key")),
                                   this));
    auto* label = new ElidedLabel(QStringLiteral("keyName"), this);
    label->setFullText(name.isEmpty() ? tr("a key that is not kept here") : name);
    body()->addWidget(label);
    QLabel* fingerprint =
        makeLabel(QStringLiteral("keyFingerprint"), toText(keyed.keyFingerprint), this, true);
    fingerprint->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    fingerprint->setAccessibleName(tr("Fingerprint of the key: %1").arg(fingerprint->text()));
    body()->addWidget(fingerprint);
    if (keyed.publicKey)
        body()->addWidget(makeNote(
            QStringLiteral("publicKeyNote"),
            tr("Everybody can write and read signatures with the public key: it does not say who signed."),
            this));
}

void FindingCard::addCode(const examine::Finding& finding, const FindingContext& known) {
    const int bits = finding.code ? finding.code->bits : known.entry ? known.entry->manifest.bits() : 0;
    addSection(QStringLiteral("codeHeading"), tr("Code"), QStringLiteral("code"));
    if (!finding.code || bits <= 1) {
        const bool isChecked = finding.keyed && finding.presence != examine::Presence::Absent;
        const QString why = !isChecked ? QString()
                            : finding.presence == examine::Presence::Present
                                ? tr("Not readable: no code passes its check, so that none is named.")
                                : tr("No code passes its check, so that none is named.");
        body()->addWidget(makeNote(QStringLiteral("codeNote"),
                                   isChecked   ? why
                                   : bits == 1 ? tr("This model carries presence only, no code.")
                                               : tr("No code is read where no signature is found."),
                                   this));
        return;
    }
    const examine::CodeReading& code = *finding.code;
    auto* row = new QHBoxLayout;
    QLabel* hex = makeLabel(QStringLiteral("codeHex"), toText(code.hex), this, true);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(fixed.pointSizeF() * 1.25);
    hex->setFont(fixed);
    QStringList states;
    if (code.checked) states << tr("check holds");
    if (!known.matchedHolder.isEmpty())
        states << tr("as registered for %1").arg(known.matchedHolder);
    else if (!code.checked)
        states << toText(examine::kUnverified);
    hex->setAccessibleName(
        tr("Code %1, hexadecimal, %2").arg(hex->text(), states.join(QStringLiteral(", "))));
    row->addWidget(hex);
    if (code.checked || known.matchedHolder.isEmpty()) {
        QLabel* badge = makeBadge(QStringLiteral("codeStateBadge"), states.front(),
                                  code.checked ? "validated" : "unvalidated", this);
        badge->setToolTip(code.checked
                              ? tr("The signature holds a check of its code, and it held: a picture which "
                                   "knows nothing of the key gives any code with a probability of 1e-6 at "
                                   "most.")
                              : toText(examine::kUnverifiedMeaning));
        row->addWidget(badge);
    }
    QToolButton* copy = makeLinkButton(QStringLiteral("copyCodeButton"), {}, this);
    copy->setIcon(themedIcon(QStringLiteral("copy")));
    copy->setAccessibleName(tr("Copy the code"));
    copy->setToolTip(tr("Copy the code"));
    connect(copy, &QToolButton::clicked, this,
            [text = hex->text()] { QApplication::clipboard()->setText(text); });
    row->addWidget(copy);
    row->addStretch(1);
    body()->addLayout(row);
    addBits(finding, code);
    if (finding.keyed && finding.keyed->picture) addPicture(*finding.keyed->picture);
}

void FindingCard::addPicture(const examine::KeyedEvidence::Picture& picture) {
    const QString text = registeredPictureText(picture);
    if (text.isEmpty()) return;
    auto* row = new QHBoxLayout;
    if (picture.comparison.answer == signature::PictureAnswer::OtherPicture) {
        auto* symbol = new QLabel(this);
        symbol->setObjectName(QStringLiteral("copySymbol"));
        symbol->setPixmap(
            iconPixmap(QStringLiteral("conflict"), 16, meaningColours().inconclusive, devicePixelRatioF()));
        row->addWidget(symbol, 0, Qt::AlignTop);
    }
    QLabel* line = makeLabel(QStringLiteral("pictureLine"), text, this, true);
    line->setWordWrap(true);
    row->addWidget(line, 1);
    body()->addLayout(row);
}

void FindingCard::addBits(const examine::Finding& finding, const examine::CodeReading& code) {
    auto* grid = new BitGrid(this);
    grid->setObjectName(QStringLiteral("bitGrid"));
    const bool stated = finding.presence == examine::Presence::Present && !code.checked;
    std::vector<BitGrid::Bit> cells;
    int unsure = 0;
    for (std::size_t i = 0; i < code.bitLogits.size(); ++i) {
        std::optional<double> right;
        if (stated && i < code.bitConfidence.size()) right = code.bitConfidence[i];
        cells.push_back({code.bitLogits[i] > 0, right});
        if (right && *right < BitGrid::kUnsureBelow) ++unsure;
    }
    grid->setBits(std::move(cells));
    body()->addWidget(grid);
    const QString summary =
        code.checked ? tr("%1 bits; the check of the whole code holds").arg(code.bits)
        : stated ? tr("%1 bits; right with probability %2 on average, %3 under %4 (dashed), if the image was "
                      "signed and treated no worse than the calibration's images")
                       .arg(code.bits)
                       .arg(code.confidence, 0, 'f', 3)
                       .arg(unsure)
                       .arg(BitGrid::kUnsureBelow)
                 : tr("%1 bits; how surely each was read is not stated where no signature is reported")
                       .arg(code.bits);
    QLabel* detail = makeNote(QStringLiteral("bitDetail"), summary, this);
    connect(grid, &BitGrid::cellDescribed, detail,
            [detail, summary](const QString& text) { detail->setText(text.isEmpty() ? summary : text); });
    body()->addWidget(detail);
}

void FindingCard::addInstance(const examine::Finding& finding) {
    addSection(QStringLiteral("instanceHeading"), tr("Instance"), kFingerprintHelp);
    if (!finding.match) {
        body()->addWidget(makeNote(QStringLiteral("instanceNote"),
                                   tr("No instance of this model is registered here: there is nothing to "
                                      "compare the fingerprint with."),
                                   this));
        return;
    }
    const examine::CodeMatch& match = *finding.match;
    if (finding.presence == examine::Presence::Absent) {
        body()->addWidget(
            makeNote(QStringLiteral("instanceNote"),
                     tr("None of the %1 agrees in more bits than unrelated codes do.")
                         .arg(countText(static_cast<int>(match.searched), "registered instance")),
                     this));
        return;
    }
    auto* row = new QHBoxLayout;
    QLabel* line = makeLabel(QStringLiteral("instanceLine"), instanceText(match), this, true);
    line->setWordWrap(true);
    row->addWidget(line, 1);
    if (match.revoked)
        row->addWidget(makeBadge(QStringLiteral("revokedBadge"), tr("revoked"), "unvalidated", this), 0,
                       Qt::AlignTop);
    body()->addLayout(row);
    if (finding.presence == examine::Presence::Inconclusive)
        body()->addWidget(
            makeNote(QStringLiteral("nearestNote"),
                     tr("Of the %1 this one agrees best; that alone says nothing.")
                         .arg(countText(static_cast<int>(match.searched), "registered instance")),
                     this));
    if (!finding.code) return;
    auto* grid = new BitGrid(this);
    grid->setObjectName(QStringLiteral("bitGrid"));
    const auto registered = bitsFromHex(match.hex, match.bits);
    std::vector<BitGrid::Bit> cells;
    for (std::size_t i = 0; i < registered.size() && i < finding.code->bitLogits.size(); ++i) {
        cells.push_back({.value = finding.code->bitLogits[i] > 0, .registered = registered[i] != 0});
    }
    grid->setBits(std::move(cells));
    body()->addWidget(grid);
    const QString summary =
        tr("%1 of %2 bits agree with the registered fingerprint; those that differ are crossed out")
            .arg(match.matched)
            .arg(match.bits);
    QLabel* detail = makeNote(QStringLiteral("bitDetail"), summary, this);
    connect(grid, &BitGrid::cellDescribed, detail,
            [detail, summary](const QString& text) { detail->setText(text.isEmpty() ? summary : text); });
    body()->addWidget(detail);
}

void FindingCard::addParts(const examine::KeyedEvidence& keyed) {
    addSection(QStringLiteral("partsHeading"), tr("Signed parts, as outlined"), kKeyedHelp);
    for (std::size_t i = 0; i < keyed.regions.size(); ++i) {
        QLabel* line = makeLabel(
            QStringLiteral("signedPart"),
            tr("%1: %2, p = %3")
                .arg(i + 1)
                .arg(regionText(keyed.regions[i]), powerOfTenText(keyed.log10POf(keyed.regions[i]))),
            this, true);
        line->setWordWrap(true);
        body()->addWidget(line);
    }
}

}  // namespace signet::ui
