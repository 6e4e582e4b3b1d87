#include "ui/inspect/details_panels.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QGridLayout>
#include <QHeaderView>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr QSize kPictureSize(128, 96);

std::vector<KeyValueModel::Row> decodeRows(const image::DecodeInfo& info) {
    const QString group = QObject::tr("Decoding");
    std::vector<KeyValueModel::Row> rows{
        {group, QObject::tr("format"), toText(image::toString(info.format))},
        {group, QObject::tr("decoder"), toText(info.decoder)},
        {group, QObject::tr("stored size"),
         QStringLiteral("%1 × %2 px").arg(info.storedWidth).arg(info.storedHeight)},
        {group, QObject::tr("bits a sample"), QString::number(info.bitDepth)},
        {group, QObject::tr("colour"), toText(info.colour)},
        {group, QObject::tr("orientation"),
         QStringLiteral("%1 (%2)")
             .arg(info.orientation)
             .arg(info.orientationApplied ? QObject::tr("applied") : QObject::tr("not applied"))},
        {group, QObject::tr("frames"), QString::number(info.frames)},
    };
    for (const std::string& warning : info.warnings)
        rows.push_back({group, QObject::tr("warning"), toText(warning)});
    return rows;
}

}  // namespace

MetadataPanel::MetadataPanel(QWidget* parent)
    : QWidget(parent),
      m_top(new QScrollArea(this)),
      m_model(new KeyValueModel(this)),
      m_view(new CopyTableView(this)),
      m_note(makeNote(QStringLiteral("metadataNote"), {}, this)) {
    setObjectName(QStringLiteral("metadataPanel"));
    m_top->setObjectName(QStringLiteral("metadataTop"));
    m_top->setAccessibleName(tr("Conflicts and thumbnail"));
    m_top->setWidgetResizable(true);
    m_top->setFrameShape(QFrame::NoFrame);
    m_top->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* top = new QWidget;
    top->setObjectName(QStringLiteral("metadataTopContent"));
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->addWidget(makeThumbnails());
    column->addStretch(1);
    m_top->setWidget(top);
    m_view->setObjectName(QStringLiteral("metadataView"));
    m_view->setAccessibleName(tr("Metadata"));
    m_view->setModel(m_model);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setAlternatingRowColors(true);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->setColumnWidth(KeyValueModel::GroupColumn, 70);
    m_view->setColumnWidth(KeyValueModel::KeyColumn, 130);
    auto* copy = new QAction(themedIcon(QStringLiteral("copy")), tr("Copy the table"), this);
    connect(copy, &QAction::triggered, this, [this] { QApplication::clipboard()->setText(asText()); });
    auto* button =
        makeActionButton(QStringLiteral("copyMetadataButton"), copy, this, Qt::ToolButtonTextBesideIcon);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->addWidget(m_note, 1);
    bar->addWidget(button);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_top);
    all->addLayout(bar);
    all->addWidget(m_view, 1);
    showImage(nullptr);
}

QWidget* MetadataPanel::makeThumbnails() {
    m_thumbnails = new QWidget(this);
    m_thumbnails->setObjectName(QStringLiteral("thumbnailRow"));
    auto* grid = new QGridLayout(m_thumbnails);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kGrid);
    grid->setVerticalSpacing(2);
    m_thumbnailPicture = makeLabel(QStringLiteral("embeddedThumbnail"), {}, this);
    m_imagePicture = makeLabel(QStringLiteral("imageThumbnail"), {}, this);
    m_thumbnailText = makeNote(QStringLiteral("embeddedThumbnailText"), {}, this);
    grid->addWidget(m_thumbnailPicture, 0, 0, Qt::AlignLeft | Qt::AlignBottom);
    grid->addWidget(m_imagePicture, 0, 1, Qt::AlignLeft | Qt::AlignBottom);
    grid->addWidget(m_thumbnailText, 1, 0, Qt::AlignTop);
    grid->addWidget(makeNote(QStringLiteral("imageThumbnailText"), tr("the image, reduced"), this), 1, 1,
                    Qt::AlignTop);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return m_thumbnails;
}

void MetadataPanel::showThumbnail(const LoadedImagePtr& image) {
    const bool there = image && !image->thumbnail.isNull();
    m_thumbnails->setVisible(there);
    if (!there) return;
    const auto show = [this](QLabel* label, const QImage& picture, const QString& name) {
        const qreal ratio = devicePixelRatioF();
        QPixmap pixmap = QPixmap::fromImage(
            picture.scaled(kPictureSize * ratio, Qt::KeepAspectRatio, Qt::SmoothTransformation));
        pixmap.setDevicePixelRatio(ratio);
        label->setPixmap(pixmap);
        label->setAccessibleName(name);
    };
    show(m_thumbnailPicture, image->thumbnail, tr("Embedded thumbnail"));
    show(m_imagePicture, image->levels.back(), tr("The image, reduced"));
    m_thumbnailText->setText(
        tr("embedded thumbnail, %1 × %2 px").arg(image->thumbnail.width()).arg(image->thumbnail.height()));
}

void MetadataPanel::showConflicts(const std::vector<examine::Conflict>& conflicts) {
    m_conflicts = conflicts;
    delete m_conflictCard;
    m_conflictCard = nullptr;
    if (!conflicts.empty()) {
        auto* card = new Card(QStringLiteral("conflictCard"), m_top->widget());
        auto* head = new QHBoxLayout;
        head->addWidget(makeHeading(QStringLiteral("conflictHeading"),
                                    countText(static_cast<int>(conflicts.size()), "conflict"), card));
        head->addStretch(1);
        QToolButton* method = makeLinkButton(QStringLiteral("conflictHelp"), tr("Method"), card);
        method->setAccessibleName(tr("Help about the method: conflicts"));
        method->setToolTip(tr("Opens the help page of this method"));
        connect(method, &QToolButton::clicked, this,
                [this] { Q_EMIT methodWanted(QStringLiteral("conflicts")); });
        head->addWidget(method);
        card->body()->addLayout(head);
        for (const examine::Conflict& conflict : conflicts) {
            auto* row = new QHBoxLayout;
            auto* symbol = new QLabel(card);
            symbol->setObjectName(QStringLiteral("conflictSymbol"));
            symbol->setPixmap(iconPixmap(QStringLiteral("conflict"), 16, meaningColours().inconclusive,
                                         devicePixelRatioF()));
            row->addWidget(symbol, 0, Qt::AlignTop);
            QLabel* text = makeLabel(QStringLiteral("conflictText"), toText(conflict.message), card, true);
            text->setWordWrap(true);
            row->addWidget(text, 1);
            card->body()->addLayout(row);
        }
        static_cast<QVBoxLayout*>(m_top->widget()->layout())->insertWidget(0, card);
        m_conflictCard = card;
    }
    layOut();
}

void MetadataPanel::layOut() {
    const bool thumbnail = !m_thumbnails->isHidden();
    m_top->setVisible(m_conflictCard || thumbnail);
    const QLayout* content = m_top->widget()->layout();
    const int wanted = content->hasHeightForWidth() ? content->totalHeightForWidth(m_top->viewport()->width())
                                                    : content->totalSizeHint().height();
    // what does not fit above the table is scrolled to
    m_top->setFixedHeight(std::min(wanted, std::max(height() * 3 / 5, 80)));
}

void MetadataPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layOut();
}

QString MetadataPanel::asText() const {
    QString text = m_model->asText();
    for (const examine::Conflict& conflict : m_conflicts)
        text += tr("Conflict\t%1\t%2\n").arg(toText(conflict.kind), toText(conflict.message));
    return text;
}

void MetadataPanel::showImage(const LoadedImagePtr& image) {
    showThumbnail(image);
    layOut();
    if (!image) {
        m_model->setRows({});
        m_note->setText(tr("No image chosen"));
        return;
    }
    std::vector<KeyValueModel::Row> rows;
    if (image->error.empty()) rows = decodeRows(image->info);
    for (const image::MetadataEntry& entry : image->metadata.entries) {
        rows.push_back({toText(entry.group), toText(entry.key), toText(entry.value)});
    }
    rows.push_back({tr("ICC"), tr("profile"), image->metadata.hasIccProfile ? tr("embedded") : tr("none")});
    m_model->setRows(std::move(rows));
    if (!image->metadata.warning.empty()) {
        m_note->setText(toText(image->metadata.warning));
    } else {
        m_note->setText(image->metadata.entries.empty()
                            ? tr("No EXIF, IPTC or XMP")
                            : countText(static_cast<int>(image->metadata.entries.size()), "metadata field"));
    }
}

FilePanel::FilePanel(QWidget* parent) : QWidget(parent), m_values{} {
    setObjectName(QStringLiteral("filePanel"));
    const QString titles[LineCount] = {tr("Path"), tr("Size"), tr("SHA-256"), tr("Width × height"),
                                       tr("Format")};
    const char* const names[LineCount] = {"filePath", "fileSize", "fileSha256", "fileDimensions",
                                          "fileFormat"};
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(12, 12, kGrid, 12);
    grid->setHorizontalSpacing(kGrid);
    grid->setVerticalSpacing(2);
    for (int line = 0; line < LineCount; ++line) {
        const QString name = QLatin1String(names[line]);
        grid->addWidget(makeNote(name + QStringLiteral("Title"), titles[line], this), 2 * line, 0, 1, 2);
        QLabel* value = makeLabel(name, {}, this, true);
        value->setWordWrap(true);
        value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        m_values[line] = value;
        auto* copy = new QAction(themedIcon(QStringLiteral("copy")), tr("Copy %1").arg(titles[line]), this);
        connect(copy, &QAction::triggered, this,
                [value] { QApplication::clipboard()->setText(value->text().remove(QChar(0x200B))); });
        grid->addWidget(value, 2 * line + 1, 0);
        grid->addWidget(makeActionButton(name + QStringLiteral("CopyButton"), copy, this), 2 * line + 1, 1,
                        Qt::AlignTop);
    }
    m_values[Sha256]->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    grid->setColumnStretch(0, 1);
    grid->setRowStretch(2 * LineCount, 1);
    showFile({}, nullptr);
}

void FilePanel::showFile(const std::filesystem::path& path, const LoadedImagePtr& image) {
    const QString none = QStringLiteral("–");
    const auto set = [this, &none](Line line, const QString& text) {
        m_values[line]->setText(text.isEmpty() ? none : text);
        m_values[line]->setAccessibleName(text.isEmpty() ? none : text);
    };
    // zero-width spaces let a long path or hash break anywhere; they are taken out when copied
    QString breakable = toText(path);
    for (qsizetype i = breakable.size() - 1; i > 0; --i) breakable.insert(i, QChar(0x200B));
    set(Path, breakable);
    QString hash = image ? toText(image->sha256) : QString();
    for (qsizetype i = hash.size() - 8; i > 0; i -= 8) hash.insert(i, QChar(0x200B));
    set(Sha256, hash);
    set(Size, image && image->fileBytes > 0
                  ? tr("%1 = %2 bytes").arg(bytesText(image->fileBytes)).arg(image->fileBytes)
                  : QString());
    const bool decoded = image && image->samples;
    set(Dimensions,
        decoded ? QStringLiteral("%1 × %2 px").arg(image->width()).arg(image->height()) : QString());
    set(Format, decoded ? tr("%1, %2, %3-bit samples")
                              .arg(toText(image::toString(image->info.format)), toText(image->info.colour))
                              .arg(image->info.bitDepth)
                        : QString());
}

}  // namespace signet::ui
