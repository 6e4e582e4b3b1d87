#include "ui/page/page_requests.h"
