#include "ui/generators/drawn_model.h"

#include <QApplication>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/generators/generator_text.h"

namespace signet::ui {
namespace {

/// The picture within kSide; pixels of a small one are squares, as in the viewer. Selected it looks the same.
QIcon pictureIcon(const QImage& picture) {
    const qreal ratio = qApp->devicePixelRatio();
    const int side = static_cast<int>(DrawnModel::kSide * ratio);
    const int longest = std::max(picture.width(), picture.height());
    const QImage fitted = longest > side
                              ? picture.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                              : picture.scaled(picture.size() * (side / longest));
    QPixmap pixmap = QPixmap::fromImage(fitted);
    pixmap.setDevicePixelRatio(ratio);
    QIcon icon;
    for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Selected, QIcon::Active})
        icon.addPixmap(pixmap, mode);
    return icon;
}

}  // namespace

void DrawnModel::begin(const std::string& codeHex) {
    beginResetModel();
    m_codeHex = codeHex;
    m_rows.clear();
    endResetModel();
}

void DrawnModel::add(const DrawnPicture& picture) {
    beginInsertRows({}, rowCount(), rowCount());
    m_rows.push_back({picture, pictureIcon(picture.image->levels.front()), std::nullopt});
    endInsertRows();
}

void DrawnModel::setReading(const DrawnReading& reading) {
    const auto row = std::find_if(m_rows.begin(), m_rows.end(),
                                  [&](const Row& other) { return other.picture.number == reading.number; });
    if (row == m_rows.end()) return;
    row->reading = reading;
    const QModelIndex at = index(static_cast<int>(row - m_rows.begin()));
    Q_EMIT dataChanged(at, at);
}

std::vector<DrawnPicture> DrawnModel::pictures() const {
    std::vector<DrawnPicture> all;
    for (const Row& row : m_rows) all.push_back(row.picture);
    return all;
}

QString DrawnModel::about(int row) const {
    if (row < 0 || row >= rowCount()) return {};
    const Row& at = m_rows[static_cast<std::size_t>(row)];
    return aboutDrawn(at.picture, at.reading, m_codeHex);
}

int DrawnModel::readCount() const {
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.reading.has_value(); }));
}

int DrawnModel::ownCount() const {
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(),
                                          [](const Row& row) { return row.reading && row.reading->own; }));
}

int DrawnModel::foundCount() const {
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) {
        return row.reading && row.reading->own && row.reading->own->presence == examine::Presence::Present;
    }));
}

int DrawnModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant DrawnModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return captionOf(row.picture, row.reading, m_codeHex);
        case Qt::DecorationRole:
            return row.icon;
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            return about(index.row());
        default:
            return {};
    }
}

}  // namespace signet::ui
