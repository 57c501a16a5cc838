/* Draws the table a figure names: the numbers are read off the page, so that the picture and the
   table beside it cannot differ. Colours come from the design tokens. */
(function () {
  'use strict';
  var echarts = window.echarts;
  if (!echarts) return;

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--wg-' + name).trim();
  }

  function cells(table, column) {
    return Array.from(table.tBodies[0].rows).map(function (row) {
      return row.cells[column] ? row.cells[column].textContent.trim() : '';
    });
  }

  function number(text) {
    var value = parseFloat(text);
    return isNaN(value) ? null : value;
  }

  function heads(table) {
    return Array.from(table.tHead.rows[0].cells).map(function (cell) { return cell.textContent.trim(); });
  }

  function series(figure, table, names) {
    var colours = [token('accent'), token('info'), token('ok')];
    return figure.dataset.columns.split(' ').map(function (column, at) {
      return {
        name: names[column], type: figure.dataset.kind, smooth: false, connectNulls: false,
        itemStyle: { color: colours[at] }, barMaxWidth: 28, symbolSize: 8,
        data: cells(table, Number(column)).map(number)
      };
    });
  }

  function option(figure, table) {
    var lying = figure.dataset.lying !== undefined;
    var ink = { color: token('ink-2') };
    var names = { type: 'category', data: cells(table, 0), inverse: lying, axisLabel: ink };
    var values = {
      type: 'value', min: 0, minInterval: 1, axisLabel: ink,
      max: figure.dataset.max ? Number(figure.dataset.max) : null,
      splitLine: { lineStyle: { color: token('line') } }
    };
    return {
      animation: false,
      aria: { enabled: true, label: { description: figure.dataset.words } },
      textStyle: { fontFamily: 'inherit' },
      grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, textStyle: ink },
      tooltip: { trigger: 'axis', appendToBody: false },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: series(figure, table, heads(table))
    };
  }

  function draw(figure) {
    var table = document.getElementById(figure.dataset.chart);
    if (!table) return;
    figure.hidden = false;
    var chart = echarts.init(figure, null, { renderer: 'svg' });
    chart.setOption(option(figure, table));
    window.addEventListener('resize', function () { chart.resize(); });
  }

  document.querySelectorAll('[data-chart]').forEach(draw);
}());
