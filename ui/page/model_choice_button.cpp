#include "ui/page/model_choice_button.h"

#include <QEvent>
#include <QMenu>
#include <QStyle>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/page/choice_button.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"

namespace signet::ui {

ModelChoiceButton::ModelChoiceButton(const QString& objectName, ModelChoice& choice, QWidget* parent)
    : QToolButton(parent), m_choice(choice) {
    setUpChoice(*this, objectName);
    connect(&choice, &ModelChoice::changed, this, &ModelChoiceButton::fill);
    fill();
}

void ModelChoiceButton::fill() {
    const std::vector<ModelChoice::Offer> offers = m_choice.offers();
    m_dark = isDark();
    menu()->clear();
    QStringList chosen;
    int unvalidated = 0;
    for (const ModelChoice::Offer& offer : offers) {
        QAction* action = menu()->addAction(
            offer.validated ? toText(offer.name) : tr("%1 (not validated)").arg(toText(offer.name)));
        action->setObjectName(QStringLiteral("chooseModel-") + toText(offer.name));
        action->setToolTip(toText(offer.title));
        action->setCheckable(true);
        action->setChecked(offer.chosen);
        if (!offer.validated)
            action->setIcon(QIcon(iconPixmap(QStringLiteral("unverified"), 16, meaningColours().inconclusive,
                                             devicePixelRatioF())));
        connect(
            action, &QAction::triggered, this,
            [this, name = offer.name](bool on) { m_choice.setChosen(name, on); },
            Qt::QueuedConnection);  // the actions are made anew
        if (!offer.chosen) continue;
        chosen << action->text();
        if (!offer.validated) ++unvalidated;
    }
    menu()->addSeparator();
    QAction* standard = menu()->addAction(tr("Default models"));
    standard->setToolTip(tr("Every validated model that no other supersedes"));
    connect(standard, &QAction::triggered, &m_choice, &ModelChoice::reset, Qt::QueuedConnection);
    standard->setObjectName(QStringLiteral("chooseDefaultModels"));
    standard->setEnabled(!m_choice.names().empty());

    QString text = countText(static_cast<int>(chosen.size()), "model");
    if (unvalidated > 0) text += tr(", %1 not validated").arg(unvalidated);
    setText(text);
    setIcon(unvalidated > 0 ? QIcon(iconPixmap(QStringLiteral("unverified"), 16,
                                               meaningColours().inconclusive, devicePixelRatioF()))
                            : themedIcon(QStringLiteral("models")));
    setToolTip(
        tr("The models of examinations that begin from now on: %1").arg(chosen.join(QStringLiteral(", "))));
    setAccessibleName(tr("Models that examine: %1").arg(text));
    setProperty("unvalidated", unvalidated > 0);
    style()->unpolish(this);
    style()->polish(this);
}

void ModelChoiceButton::changeEvent(QEvent* event) {
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_dark != isDark()) {
        m_dark = isDark();
        // not while the change is being handed out
        QMetaObject::invokeMethod(this, &ModelChoiceButton::fill, Qt::QueuedConnection);
    }
}

}  // namespace signet::ui
