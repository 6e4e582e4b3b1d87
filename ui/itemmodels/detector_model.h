#pragma once

#include <QAbstractTableModel>
#include <QIcon>
#include <functional>
#include <vector>

#include "ui/bridge/roc_service.h"

namespace signet::ui {

/// Where a detector's threshold comes from.
enum class ThresholdOrigin { Calibration, ThisSet, Typed };

/// The detectors of the ROC page with what a person set for each. The first column's check box shows or hides
/// the curve. GUI thread.
class DetectorModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NameColumn, AucColumn, SignedColumn, UnsignedColumn, ColumnCount };

    struct Row {
        quint64 id = 0;
        RocDetectorPtr detector;
        int slot = 0;  ///< of the colours and line styles
        bool visible = true;
        double threshold = 0;
        ThresholdOrigin origin = ThresholdOrigin::ThisSet;
    };
    struct Taken {
        int at = 0;
        Row row;
    };

    explicit DetectorModel(QObject* parent = nullptr);

    /// The sign of a slot: its line in colour and style.
    void setSigns(std::function<QIcon(int slot)> signs);

    /// The detector under a name that none of the list has: with where its scores are from, then a number.
    RocDetectorPtr named(const RocDetectorPtr& detector) const;
    /// Gives it an id and the lowest slot that is free; returns its place.
    int add(const RocDetectorPtr& detector, double threshold, ThresholdOrigin origin);
    std::vector<Taken> takeRows(const std::vector<int>& rows);
    void restore(const std::vector<Taken>& taken);

    const Row* row(int index) const;
    int indexOf(quint64 id) const;
    void setThreshold(int index, double threshold, ThresholdOrigin origin);
    void setVisible(int index, bool visible);
    /// The signs are drawn anew.
    void restyle();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    int freeSlot(int wanted) const;
    /// What the images of all rows are called.
    examine::SetWords words() const;
    void announceWords();

    std::vector<Row> m_rows;
    std::function<QIcon(int)> m_signs;
    quint64 m_nextId = 1;
};

}  // namespace signet::ui
