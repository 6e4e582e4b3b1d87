#pragma once

#include "core/report/document.h"

namespace signet::report {

// Sections of writeDocument, without their heading.

void resultsSection(const ReportContent& content, const BlockSink& sink);
void findingsSection(const ReportContent& content, const BlockSink& sink);
void methodSection(const ReportContent& content, const BlockSink& sink);
void modelsSection(const ReportContent& content, const BlockSink& sink);
void likelihoodSection(const ReportContent& content, const BlockSink& sink);
void integritySection(const ReportContent& content, const BlockSink& sink);

}  // namespace signet::report
