#include "ui/cases/picture_field.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/picture_hash_text.h"
#include "ui/style/elided_label.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

PictureField::PictureField(CaseService& cases, QWidget* parent)
    : QWidget(parent),
      m_cases(cases),
      m_name(new ElidedLabel(QStringLiteral("codePictureName"), this)),
      m_choose(new QPushButton(themedIcon(QStringLiteral("open")), tr("Choose &picture..."), this)),
      m_remove(new QPushButton(themedIcon(QStringLiteral("close")), tr("Re&move"), this)),
      m_problem(makeLabel(QStringLiteral("codePictureProblem"), {}, this)) {
    setObjectName(QStringLiteral("codePictureField"));
    m_choose->setObjectName(QStringLiteral("codePictureChoose"));
    m_choose->setAccessibleName(tr("Choose the picture that the code was written on"));
    m_choose->setToolTip(
        tr("What it looks like is kept with the code: found on another picture, the code is a copy"));
    m_remove->setObjectName(QStringLiteral("codePictureRemove"));
    m_remove->setAccessibleName(tr("Register the code without a picture"));
    m_remove->setToolTip(m_remove->accessibleName());
    m_problem->setProperty("role", "problem");
    m_problem->setWordWrap(true);
    connect(m_choose, &QPushButton::clicked, this, &PictureField::choose);
    connect(m_remove, &QPushButton::clicked, this, &PictureField::clear);
    connect(&m_cases, &CaseService::pictureRead, this, &PictureField::take);
    auto* row = new QHBoxLayout;
    row->addWidget(m_name, 1);
    row->addWidget(m_choose);
    row->addWidget(m_remove);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_problem);
    refresh();
}

void PictureField::clear() {
    m_isRegistered = false;
    m_picture = {};
    refresh();
}

void PictureField::showRegistered(const cases::RegisteredCode& code) {
    m_isRegistered = true;
    m_picture = {{}, code.pictureHash, code.pictureSha256, {}};
    refresh();
}

void PictureField::describe(cases::RegisteredCode& code) const {
    code.pictureHash = m_picture.hash;
    code.pictureSha256 = m_picture.sha256;
}

void PictureField::choose() {
    FileDialogs::openImage(this, tr("The picture that the code was written on"),
                           fromPath(m_picture.file.parent_path()), [this](const QStringList& names) {
                               if (!names.isEmpty() && !m_isRegistered) read(toPath(names.front()));
                           });
}

void PictureField::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void PictureField::dropEvent(QDropEvent* event) {
    const auto files = toPaths(event->mimeData()->urls());
    if (files.empty()) return;
    event->setDropAction(Qt::CopyAction);  // never moved
    event->accept();
    if (files.size() == 1) {
        read(files.front());
    } else {
        m_picture = {{}, {}, {}, tr("A code is written on one picture: drop one file.").toStdString()};
        refresh();
    }
}

void PictureField::read(const std::filesystem::path& file) {
    m_picture = {file, {}, {}, {}};
    m_cases.readPicture(file);
    refresh();
}

/// Of a file that was removed again, or replaced by another, nothing is wanted.
void PictureField::take(const PictureRead& picture) {
    if (picture.file != m_picture.file) return;
    m_picture = picture;
    refresh();
}

QString PictureField::shownText() const {
    if (m_isRegistered) return m_picture.hash.empty() ? tr("not known") : shortPictureHash(m_picture.hash);
    if (m_picture.file.empty()) return tr("Choose or drop the picture that it was written on");
    const QString name = fileName(m_picture.file);
    const bool isRead = !m_picture.hash.empty() || !m_picture.problem.empty();
    return isRead ? name : tr("Reading %1...").arg(name);
}

void PictureField::refresh() {
    const bool isKnown = !m_picture.hash.empty();
    const QString hash = QStringLiteral(" · ") + shortPictureHash(m_picture.hash);
    m_name->setFullText(shownText(), isKnown && !m_isRegistered ? hash : QString());
    if (isKnown) m_name->setToolTip(pictureDetails(m_picture.hash, m_picture.sha256));
    m_problem->setText(sentence(m_picture.problem));
    m_problem->setVisible(!m_picture.problem.empty());
    m_choose->setVisible(!m_isRegistered);
    m_remove->setVisible(!m_isRegistered);
    m_remove->setEnabled(!m_picture.file.empty() || !m_picture.problem.empty());
    setAcceptDrops(!m_isRegistered);
    Q_EMIT changed();
}

}  // namespace signet::ui
