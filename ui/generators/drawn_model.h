#pragma once

#include <QAbstractListModel>
#include <QIcon>
#include <optional>
#include <string>
#include <vector>

#include "ui/bridge/generator_service.h"

namespace signet::ui {

/// Drawn pictures, each with what is said of it. GUI thread.
class DrawnModel : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int kSide = 128;  ///< px of a picture as it is shown

    using QAbstractListModel::QAbstractListModel;

    /// Others follow. codeHex: what a secured generator draws; empty: no code.
    void begin(const std::string& codeHex);
    void add(const DrawnPicture& picture);
    void setReading(const DrawnReading& reading);

    std::vector<DrawnPicture> pictures() const;
    /// All that is said of one; empty where there is no such row.
    QString about(int row) const;
    /// Pictures that were read, by the signature's detector, and in which that found it.
    int readCount() const;
    int ownCount() const;
    int foundCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        DrawnPicture picture;
        QIcon icon;
        std::optional<DrawnReading> reading;
    };

    std::string m_codeHex;
    std::vector<Row> m_rows;
};

}  // namespace signet::ui
